import type { Connection } from './connection.ts'

const PARTS = 25

/** One timer for every connection's heartbeat: a part of them at a time, so that no turn pings them all. */
export class HeartbeatSweep {
  readonly #parts: Set<Connection>[] = Array.from({ length: PARTS }, () => new Set<Connection>())
  readonly #timer: NodeJS.Timeout
  #next = 0

  constructor(heartbeat_ms: number) {
    this.#timer = setInterval(() => this.#sweep(), Math.max(1, heartbeat_ms / PARTS))
  }

  add(connection: Connection): void {
    this.#partOf(connection)?.add(connection)
  }

  remove(connection: Connection): void {
    this.#partOf(connection)?.delete(connection)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #partOf(connection: Connection): Set<Connection> | undefined {
    return this.#parts[connection.number % PARTS]
  }

  #sweep(): void {
    for (const connection of this.#parts[this.#next++ % PARTS] ?? []) connection.beat()
  }
}
