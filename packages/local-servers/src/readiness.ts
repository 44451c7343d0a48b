import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Child } from './child-process.ts'

/** Resolves when `ready` says so; rejects when the child exits, or is not ready within `timeout_ms`. */
export async function becomesReady(
  child: Child,
  ready: () => boolean | Promise<boolean>,
  timeout_ms: number
): Promise<void> {
  const deadline = performance.now() + timeout_ms
  for (;;) {
    const isReady = await ready()
    // Looked at after the answer: another process may have given it, and this child have ended because of that one.
    if (!child.running()) throw new Error('it exited')
    if (isReady) return
    if (performance.now() > deadline) throw new Error(`not ready within ${timeout_ms} ms`)
    await delay(10)
  }
}

/** Whether something takes connections on a port of 127.0.0.1. */
export async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Refused: not yet.
    return false
  } finally {
    socket.destroy()
  }
}
