import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Held {
  url: string
  pid: number
  /** Ends the process that started the server, without a word to it. */
  killParent(): Promise<void>
}

const fixture = fileURLToPath(new URL('./fixtures/hold-servers.ts', import.meta.url))

/** Starts a server from another process, as another user or with another PATH where asked. */
export async function hold(
  args: string[],
  options: { uid?: number; gid?: number; path?: string; temporary?: string } = {}
): Promise<Held> {
  const { path = process.env.PATH, temporary = tmpdir(), ...account } = options
  const parent = spawn(process.execPath, [fixture, ...args], {
    ...account,
    env: { PATH: path, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const { url, pid } = await firstLine(parent)
  return {
    url,
    pid,
    async killParent() {
      const exited = once(parent, 'exit')
      parent.kill('SIGKILL')
      await exited
    }
  }
}

async function firstLine(parent: ChildProcess): Promise<{ url: string; pid: number }> {
  if (!parent.stdout) throw new Error('stdout is a pipe')
  for await (const line of createInterface({ input: parent.stdout })) return JSON.parse(line)
  throw new Error(`the fixture ended with ${parent.exitCode ?? parent.signalCode}`)
}

/** Whether a process ends in time; a zombie nobody has waited for has ended. */
export async function isGone(pid: number, timeout_ms = 10_000): Promise<boolean> {
  const deadline = performance.now() + timeout_ms
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false
    await delay(20)
  }
  return true
}

export function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'latin1'))
}
