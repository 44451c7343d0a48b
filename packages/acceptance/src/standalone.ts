import { setTimeout as delay } from 'node:timers/promises'
import { type Child, type Exit, startChild } from '@parley/local-servers'
import { workspaceRoot } from './workspace-root.ts'

export interface StandaloneOptions {
  dataDir: string
  /** 0, the default: a free one. */
  port?: number
  /** Further variables. Of this process's environment it gets only what any program needs. */
  env?: Record<string, string>
  /** Run at the workspace's root. Default: its main.ts under this process's Node. */
  command?: readonly [string, ...string[]]
}

export interface Standalone {
  /** Where it says it is, without the slash at the end. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** SIGTERM, and waits for the end. */
  stop(): Promise<Exit>
  /** SIGKILL, and waits for the end. */
  kill(): Promise<Exit>
  /** The last lines it wrote. */
  output(): string
}

/** The first start makes a database cluster, beside other tests that do. */
const START_MS = 90_000
const STOP_MS = 20_000

/**
 * Starts the standalone Parley as a process of its own and resolves when it has printed its URL. Rejects with its output when it ends
 * before that.
 *
 * @example
 * const parley = await startStandalone({ dataDir })
 * await fetch(`${parley.url}/healthz`)
 * await parley.stop()
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { dataDir, port = 0, env = {} } = options
  const { command = [process.execPath, 'packages/standalone/src/main.ts'] } = options
  const { PATH, HOME, TMPDIR } = process.env
  const printed = Promise.withResolvers<URL>()
  const child = await startChild({
    command: command[0],
    args: command.slice(1),
    cwd: workspaceRoot,
    env: { PATH, HOME, TMPDIR, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env },
    deathSignal: 'SIGTERM',
    log(line) {
      const address = line.startsWith('{') ? undefined : /https?:\/\/\S+/.exec(line)?.[0]
      if (address && URL.canParse(address)) printed.resolve(new URL(address))
    }
  })
  const url = await whenPrinted(child, printed.promise)
  return {
    url: url.origin,
    port: Number(url.port),
    pid: child.pid,
    stop: () => child.stop({ signal: 'SIGTERM', grace_ms: STOP_MS }),
    kill: () => child.stop({ signal: 'SIGKILL' }),
    output: child.output
  }
}

async function whenPrinted(child: Child, printed: Promise<URL>): Promise<URL> {
  const settled = new AbortController()
  try {
    return await Promise.race([
      printed,
      child.exited.then(({ code, signal }) => {
        throw new Error(`it ended with ${signal ?? code}`)
      }),
      delay(START_MS, undefined, { signal: settled.signal }).then(() => {
        throw new Error(`no URL within ${START_MS} ms`)
      })
    ])
  } catch (error) {
    await child.stop({ signal: 'SIGKILL' })
    throw new Error(`Parley did not start:\n${child.output()}`, { cause: error })
  } finally {
    settled.abort()
  }
}
