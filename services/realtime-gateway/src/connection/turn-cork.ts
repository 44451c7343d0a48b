import type { Socket } from 'node:net'

const FLUSH_BYTES = 64 * 1024
const MEASURED_FROM = 16

const corked: Socket[] = []
/** Measured, as an average that forgets. */
let write_ms = 0.003

/**
 * Makes the writes of one turn to one socket one system call: frames of several rooms, ten thousand `subscribed`, a replay with what
 * follows it. Two writes cost 14 µs, corked 8; a lone one costs the same as without.
 * Call it before each write, and {@link flushLarge} after it.
 */
export function corkForTurn(tcp: Socket): void {
  if (tcp.writableCorked > 0) return
  tcp.cork()
  if (corked.push(tcp) === 1) queueMicrotask(uncorkAll)
}

/** How much a peer takes shows only once it was offered: what is large does not wait. */
export function flushLarge(tcp: Socket): void {
  if (tcp.writableCorked > 0 && tcp.writableLength >= FLUSH_BYTES) tcp.uncork()
}

/** What the one system call of a turn costs a socket at present, in milliseconds. */
export function averageWriteMs(): number {
  return write_ms
}

function uncorkAll(): void {
  const begin = performance.now()
  for (const tcp of corked) tcp.uncork()
  const each = (performance.now() - begin) / corked.length
  // One write alone is not worth the clock's grain.
  if (corked.length >= MEASURED_FROM) write_ms += (each - write_ms) / 8
  corked.length = 0
}
