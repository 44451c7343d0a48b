import { Batch } from './batch.ts'
import type { Room } from './room.ts'
import type { RoomEvent } from './room-event.ts'
import type { Subscription } from './subscription.ts'

interface Fan {
  batch: Batch
  targets: Subscription[]
  start: number
  done: number
  writes: number
  /** Milliseconds of work since the last pause, and of pauses. */
  worked_ms: number
  paused_ms: number
}

/**
 * Writes a room's new events to its live subscriptions: one buffer, one write a socket, however many events arrived in the turn.
 * Large rooms are written in parts, a part a turn, from another start each time; what arrives meanwhile is the next batch. They
 * pause between parts where other rooms are at work: see {@link Pace}. Under load a room rests after a batch, so that the next one is
 * worth its writes: see {@link WriteLoad}.
 */
export class FanOut {
  readonly #room: Room
  #pending: RoomEvent[] = []
  #fan: Fan | undefined
  #next_start = 0
  #rests_until = 0
  #asleep = false

  constructor(room: Room) {
    this.#room = room
  }

  add(event: RoomEvent): void {
    // Whoever becomes live later has read it from the ring.
    if (this.#room.live.size > 0) this.#pending.push(event)
  }

  /** Forgets what is not yet written: whoever was live reads it from the ring. */
  clear(): void {
    this.#pending = []
    this.#fan = undefined
  }

  run(): void {
    if (this.#asleep) return
    if (!this.#fan) {
      if (this.#pending.length === 0 || this.#rests()) return
      this.#fan = this.#begin()
    }
    if (this.#writePart(this.#fan)) this.#finish(this.#fan)
    else if (this.#pauses(this.#fan)) return
    if (this.#fan || this.#pending.length > 0) this.#room.schedule()
  }

  #finish({ batch, writes }: Fan): void {
    this.#fan = undefined
    const rest_ms = this.#room.writeLoad.note(batch.events.length, writes)
    this.#rests_until = rest_ms > 0 ? performance.now() + rest_ms : 0
  }

  /** True while it is too early; comes back by itself. */
  #rests(): boolean {
    if (this.#rests_until === 0) return false
    const wait = this.#rests_until - performance.now()
    if (wait < 1) return false
    this.#sleep(wait)
    return true
  }

  /** True while others may go first; comes back by itself. A room that has the next batch waiting would only fall behind. */
  #pauses(fan: Fan): boolean {
    const { tuning, pace } = this.#room
    if (this.#pending.length > 0 || fan.worked_ms < tuning.pause_after_ms) return false
    if (fan.paused_ms >= tuning.pauses_ms || !pace.isShared(this.#room)) return false
    fan.worked_ms = 0
    fan.paused_ms += tuning.pause_ms
    this.#sleep(tuning.pause_ms)
    return true
  }

  #sleep(ms: number): void {
    this.#asleep = true
    setTimeout(() => {
      this.#asleep = false
      this.#room.schedule()
    }, ms)
  }

  #begin(): Fan {
    const batch = new Batch(this.#pending)
    this.#pending = []
    const targets = [...this.#room.live]
    this.#next_start += this.#room.tuning.fan_out_chunk
    const start = this.#next_start % Math.max(targets.length, 1)
    this.#room.pace.began(this.#room)
    return { batch, targets, start, done: 0, writes: 0, worked_ms: 0, paused_ms: 0 }
  }

  #writePart(fan: Fan): boolean {
    const { targets, start, batch } = fan
    const end = Math.min(targets.length, fan.done + this.#room.tuning.fan_out_chunk)
    const writes_before = fan.writes
    let deliveries = 0
    let bytes = 0
    for (; fan.done < end; fan.done++) {
      const target = targets[(start + fan.done) % targets.length]
      // Who is not live any more reads the ring; who joined since the batch began has it already.
      if (target?.state !== 'live' || target.cursor >= batch.last) continue
      if (target.cursor < batch.prev || target.subscriber.congested) {
        this.#room.fallBehind(target)
        continue
      }
      const joined = batch.for(target.subscriber, batch.indexAfter(target.cursor))
      target.cursor = batch.last
      if (!joined.bytes) continue
      target.subscriber.write(joined.bytes)
      fan.writes++
      deliveries += joined.count
      bytes += joined.bytes.length
    }
    this.#room.metrics.delivered(deliveries, bytes)
    fan.worked_ms += this.#room.writeLoad.costOf(fan.writes - writes_before)
    return fan.done >= targets.length
  }
}
