import { setTimeout as delay } from 'node:timers/promises'
import type { CommandQueue } from '../api-client/command-queue.ts'
import type { Tuning } from '../tuning.ts'
import type { ConnectionRegistry } from './connection-registry.ts'

/** How long what is in flight may take after the sockets' time is over, and sockets to go, in milliseconds. */
const FINISH_MS = 2_000

interface DrainServices {
  connections: ConnectionRegistry
  commands: CommandQueue
  tuning: Tuning
}

/**
 * Empties the gateway: clients that can are told to move and served until they did, what they asked for is answered, then every
 * socket is closed with a code that says "come back". What the others still send until they have read that is carried out.
 */
export async function drain({ connections, commands, tuning }: DrainServices): Promise<void> {
  for (const connection of connections) connection.move(tuning.drain_ms)
  await until(() => ![...connections].some(({ state }) => state === 'moving'), tuning.drain_ms)
  for (const connection of connections) connection.stopReading()
  await until(() => commands.idle, FINISH_MS)
  for (const connection of connections) connection.close('shutting_down')
  await until(() => connections.size === 0 && commands.idle, FINISH_MS)
  for (const connection of connections) connection.terminate()
}

async function until(done: () => boolean, timeout_ms: number): Promise<void> {
  const deadline = performance.now() + timeout_ms
  while (!done() && performance.now() < deadline) await delay(10)
}
