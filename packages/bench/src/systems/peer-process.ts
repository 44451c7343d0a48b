import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, startChild } from '@parley/local-servers'

const READY_MS = 30_000

/** Starts a peer's server and resolves when its port takes connections. */
export async function startPeer(options: {
  command: string
  args: readonly string[]
  port: number
  cwd?: string
  env?: Record<string, string>
}): Promise<Child> {
  const { PATH, HOME, TMPDIR } = process.env
  const { command, args, port, cwd, env } = options
  const child = await startChild({
    command,
    args,
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH, HOME, TMPDIR, ...env },
    deathSignal: 'SIGKILL'
  })
  const deadline = performance.now() + READY_MS
  while (!(await takesConnections(port))) {
    if (child.running() && performance.now() < deadline) await delay(50)
    else {
      await child.stop({ signal: 'SIGKILL' })
      throw new Error(`${command} ${args.join(' ')} did not start:\n${child.output()}`)
    }
  }
  return child
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
