import { findStamp, stampMicros, stampNumber } from './stamp.ts'

export interface DeliveryCounts {
  sent: number
  /** Copies that should have arrived: every message once at each socket of its room. */
  expected: number
  delivered: number
  /** Copies beyond the expected ones. */
  excess: number
  /** Messages that reached the last member of their room. */
  completed: number
}

/** Counts the copies of every message; the one that completes its room tells the latency to the last receiver. */
export class DeliveryTracker {
  /** Milliseconds from due to the last receiver, a message each. */
  readonly last_delivery_ms: number[] = []
  readonly ack_ms: number[] = []
  onCompleted: () => void = () => {}
  /** When the last message was complete. */
  completed_at = 0
  #arrived = new Uint32Array(1024)
  #members = new Uint32Array(1024)
  #due = new Float64Array(1024)
  #sent = 0
  #expected = 0
  #delivered = 0
  #excess = 0
  #completed = 0
  #hint = 0
  readonly #first: number

  /** Messages are numbered from `first`; copies of earlier ones belong to an earlier run. */
  constructor(first = 0) {
    this.#first = first
  }

  get counts(): DeliveryCounts {
    return {
      sent: this.#sent,
      expected: this.#expected,
      delivered: this.#delivered,
      excess: this.#excess,
      completed: this.#completed
    }
  }

  get complete(): boolean {
    return this.#completed === this.#sent
  }

  /** Message `number` was due at `micros` and goes to `members` sockets. */
  sent(message: number, micros: number, members: number): void {
    const number = message - this.#first
    if (number >= this.#arrived.length) this.#grow(number)
    this.#members[number] = members
    this.#due[number] = micros
    this.#sent++
    this.#expected += members
  }

  /** A message's frame has arrived at one socket. `now` in microseconds. False for one of an earlier run. */
  received(bytes: Buffer, start: number, end: number, now: number): boolean {
    const at = findStamp(bytes, start, end, this.#hint)
    if (at < 0) return false
    this.#hint = at - start
    const number = stampNumber(bytes, at) - this.#first
    if (number < 0) return false
    const arrived = (this.#arrived[number] ?? 0) + 1
    this.#arrived[number] = arrived
    const members = this.#members[number] ?? 0
    if (arrived > members) {
      this.#excess++
      return true
    }
    this.#delivered++
    if (arrived === members) this.#complete(bytes, at, now)
    return true
  }

  #complete(bytes: Buffer, at: number, now: number): void {
    this.#completed++
    this.completed_at = now
    this.last_delivery_ms.push((now - stampMicros(bytes, at)) / 1_000)
    this.onCompleted()
  }

  acknowledged(message: number, now: number): void {
    const due = this.#due[message - this.#first]
    if (due) this.ack_ms.push((now - due) / 1_000)
  }

  #grow(number: number): void {
    const length = 2 * Math.max(number, this.#arrived.length)
    const grown = {
      arrived: new Uint32Array(length),
      members: new Uint32Array(length),
      due: new Float64Array(length)
    }
    grown.arrived.set(this.#arrived)
    grown.members.set(this.#members)
    grown.due.set(this.#due)
    this.#arrived = grown.arrived
    this.#members = grown.members
    this.#due = grown.due
  }
}
