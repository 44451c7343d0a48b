import { randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import { freePort } from '@parley/local-servers'
import type { DialectName, LoadMember } from '../load/dialects.ts'
import { inspectable } from '../machine/inspector.ts'
import type { RunningProcess, RunningSystem } from './chat-system.ts'
import { startPeer } from './peer-process.ts'

/** A peer that is one script of `peers/`, with what it stands on: the last of `backends` is stopped last. */
export async function startNodePeer(
  script: string,
  dialect: DialectName,
  env: Record<string, string>,
  backends: readonly (RunningProcess & { stop(): Promise<unknown> })[] = []
): Promise<RunningSystem> {
  const port = await freePort()
  const child = await startPeer({
    command: process.execPath,
    args: [join(import.meta.dirname, '../peers', script)],
    port,
    env: { ...inspectable, ...env, PORT: String(port), NODE_ENV: 'production' }
  })
  return {
    dialect,
    ports: [port],
    processes: [{ name: script, pid: child.pid }, ...backends],
    makeMembers: async (rooms, per_room) => plainMembers(rooms, per_room),
    async [Symbol.asyncDispose]() {
      await child.stop({ signal: 'SIGKILL' })
      for (const backend of backends) await backend.stop()
    }
  }
}

/** For peers without accounts: a room is there once somebody is in it. */
export function plainMembers(rooms: number, per_room: number): LoadMember[] {
  return Array.from({ length: rooms }, () => randomUUIDv7()).flatMap((room) =>
    Array.from({ length: per_room }, () => ({ room, token: '' }))
  )
}

/** False where an optional dependency was not installed. */
export function hasPackage(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
