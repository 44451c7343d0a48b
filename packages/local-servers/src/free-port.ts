import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Below what systems take outgoing connections' ports from: those come by the thousand under load, and would be faster.
const LOWEST = 15_000
const HIGHEST = 32_000
const TRIES = 50

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago. Who binds it must expect that somebody was faster. */
export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error(`${TRIES} ports between ${LOWEST} and ${HIGHEST} were all taken`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
