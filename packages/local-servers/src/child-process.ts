import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface ChildOptions {
  command: string
  args?: readonly string[]
  /** A command that ends by running the one it is given, such as `['unshare', '--user', '--']`. */
  via?: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  /** What the kernel sends the child when this process dies, `kill -9` included; where `setpriv` is not to be had, nothing. */
  deathSignal?: NodeJS.Signals
  /** Every line the child writes, from both its streams. */
  log?: (line: string) => void
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** What every started server has. */
export interface ServerHandle {
  readonly pid: number
  readonly exited: Promise<Exit>
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>
}

export interface Child {
  readonly pid: number
  readonly exited: Promise<Exit>
  running(): boolean
  /** The last lines it wrote, for an error's message. */
  output(): string
  /** Does nothing once the child has exited. */
  signal(signal: NodeJS.Signals): void
  /** Sends `signal`, waits, and after `grace_ms` kills the whole process group. */
  stop(options?: { signal?: NodeJS.Signals; grace_ms?: number }): Promise<Exit>
  /** Lets this process end while the child still runs. */
  unref(): void
}

const KEPT_LINES = 40

/**
 * Starts a child process and resolves once it runs; rejects when the command cannot be run.
 *
 * @example
 * const child = await startChild({ command: 'nats-server', args: ['-p', '4222'], deathSignal: 'SIGKILL' })
 * await child.stop({ signal: 'SIGTERM', grace_ms: 5_000 })
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const [command = '', ...args] = commandLine(options)
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    // A group of its own: a terminal's Ctrl-C must not stop the database before what uses it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid })
  })
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const lines = followOutput(child, options.log)
  await once(child, 'spawn')
  return handleOf(child, exited, lines)
}

function handleOf(child: ChildProcess, exited: Promise<Exit>, lines: readonly string[]): Child {
  const { pid } = child
  if (pid === undefined) throw new Error('the child process has no id')
  const running = () => child.exitCode === null && child.signalCode === null
  const signal = (name: NodeJS.Signals) => {
    if (running()) child.kill(name)
  }
  return {
    pid,
    exited,
    running,
    signal,
    output: () => lines.join('\n'),
    async stop({ signal: name = 'SIGTERM', grace_ms = 10_000 } = {}) {
      signal(name)
      const timer = setTimeout(() => killGroup(child, pid), grace_ms)
      try {
        return await exited
      } finally {
        clearTimeout(timer)
      }
    },
    unref() {
      child.unref()
      for (const stream of [child.stdout, child.stderr])
        (stream as (Readable & { unref(): void }) | null)?.unref()
    }
  }
}

function followOutput(child: ChildProcess, log: ((line: string) => void) | undefined): readonly string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift()
      log?.(line)
    })
  }
  return lines
}

function killGroup(child: ChildProcess, pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group's leader may have left its group: then only the leader is left to kill.
    child.kill('SIGKILL')
  }
}

/** `via` comes first: a change of user or namespace would clear the death signal again. */
function commandLine({ command, args = [], via = [], deathSignal }: ChildOptions): string[] {
  const setpriv =
    deathSignal && canSetDeathSignal() ? ['setpriv', '--pdeathsig', deathSignal.slice(3), '--'] : []
  return [...via, ...setpriv, command, ...args]
}

let deathSignals: boolean | undefined

function canSetDeathSignal(): boolean {
  deathSignals ??= succeeds('setpriv', ['--pdeathsig', 'TERM', '--', 'true'])
  return deathSignals
}

/** Whether a short command can be run and exits with 0. */
export function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
