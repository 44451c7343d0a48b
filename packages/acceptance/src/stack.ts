import { startChild } from '@parley/local-servers'
import { workspaceRoot } from './workspace-root.ts'

export interface StackProcess {
  name: string
  pid: number
  port: number
}

export interface Stack {
  /** nginx. */
  readonly url: string
  readonly processes: readonly StackProcess[]
  /** The process of that name; throws where there is none. */
  find(name: string): StackProcess & { url: string }
  /** SIGTERM, and waits until all of it is gone. */
  stop(): Promise<void>
}

const START_MS = 90_000
const STOP_MS = 30_000

/**
 * Starts the distributed topology with its command, so many of each service behind nginx on a free port, and resolves when it has
 * printed its JSON line.
 *
 * @example
 * const stack = await startStack(2)
 * process.kill(stack.find('gateway-1').pid, 'SIGKILL')
 */
export async function startStack(each: number, env: Record<string, string> = {}): Promise<Stack> {
  const { PATH, HOME, TMPDIR } = process.env
  const count = String(each)
  const printed = Promise.withResolvers<{ url: string; processes: StackProcess[] }>()
  const child = await startChild({
    command: process.execPath,
    args: ['infra/stack/main.ts', '--api', count, '--gateway', count, '--notifier', count, '--port', '0'],
    cwd: workspaceRoot,
    env: { PATH, HOME, TMPDIR, ...env },
    deathSignal: 'SIGTERM',
    log: (line) => line.startsWith('{"url"') && printed.resolve(JSON.parse(line))
  })
  const fail = (why: string) =>
    printed.reject(new Error(`the stack did not start (${why}):\n${child.output()}`))
  void child.exited.then(({ code, signal }) => fail(`it ended with ${signal ?? code}`))
  const timer = setTimeout(() => fail(`not within ${START_MS} ms`), START_MS)
  const stop = async () => {
    await child.stop({ signal: 'SIGTERM', grace_ms: STOP_MS })
  }
  try {
    const { url, processes } = await printed.promise
    return { url, processes, stop, find: (name) => find(processes, name) }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function find(processes: readonly StackProcess[], name: string): StackProcess & { url: string } {
  const found = processes.find((one) => one.name === name)
  if (!found) throw new Error(`there is no ${name} among ${processes.map((one) => one.name).join(', ')}`)
  return { ...found, url: `http://127.0.0.1:${found.port}` }
}
