import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface ProcessLock {
  release(): Promise<void>
}

/**
 * Takes a lock that one process of this machine can hold at a time; undefined while another holds it. It is a socket in Linux's
 * abstract namespace, so that the kernel gives it back however its holder ends: no stale file, no race between two who find one.
 */
export async function tryLock(name: string): Promise<ProcessLock | undefined> {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(`\0parley-${createHash('sha256').update(name).digest('hex')}`)
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  }
  server.unref()
  return {
    async release() {
      server.close()
      await once(server, 'close')
    }
  }
}

/** Waits for {@link tryLock}; undefined once `timeout_ms` have passed. */
export async function lockWithin(name: string, timeout_ms: number): Promise<ProcessLock | undefined> {
  const deadline = performance.now() + timeout_ms
  for (;;) {
    const lock = await tryLock(name)
    if (lock || performance.now() > deadline) return lock
    await delay(100)
  }
}
