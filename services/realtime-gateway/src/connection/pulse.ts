/** So many heartbeats without a sign of life, or without a byte of what waits leaving, end a connection. */
const PATIENCE = 2

/** Whether the peer of a connection is there, judged once a heartbeat. */
export class Pulse {
  /** Set by whatever arrives. */
  heard = true
  #silent = 0
  #stuck = 0
  #flushed = 0

  /** `flushed`: bytes that have left, ever; `waiting`: bytes that have not. A peer that takes what it is sent is there. */
  beat(flushed: number, waiting: number): 'alive' | 'heartbeat_missed' | 'too_slow' {
    const moved = flushed !== this.#flushed
    this.#flushed = flushed
    this.#stuck = waiting > 0 && !moved ? this.#stuck + 1 : 0
    this.#silent = this.heard || (waiting > 0 && moved) ? 0 : this.#silent + 1
    this.heard = false
    if (this.#stuck >= PATIENCE) return 'too_slow'
    return this.#silent >= PATIENCE ? 'heartbeat_missed' : 'alive'
  }
}
