/** What carries a connection's bytes: a WebSocket, or an HTTP response that goes on. */
export interface Transport {
  /** Bytes that have not left yet. */
  readonly waiting: number
  /** Bytes that have left, ever. */
  readonly flushed: number
  /** It has asked to wait, and will say when everything has left. */
  readonly needsDrain: boolean
  write(bytes: Buffer): void
  /** Calls `buffer.drained()` once, when everything has left. */
  whenDrained(buffer: Drainable): void
  /** Reads no more from the peer. */
  pause(): void
  resume(): void
  /** Sends something that a live peer answers or at least takes. */
  ping(): void
  close(code: number, reason: string): void
  /** Without a handshake. */
  terminate(): void
}

export interface Drainable {
  drained(): void
}
