import { setTimeout as delay } from 'node:timers/promises'
import { nowMicros } from '../clock.ts'
import { DeliveryTracker } from './delivery-tracker.ts'
import { type Dialect, dialects, Kind } from './dialects.ts'
import type { ConnectPlan, ConnectReport, RunPlan, RunReport } from './load-plan.ts'
import { runOpenLoop, type ScheduleReport } from './open-loop.ts'
import { RawSocket } from './raw-socket.ts'
import { stampedBody } from './stamp.ts'

const HOST = '127.0.0.1'
/** Sockets that share a source address: well below the ports one address has. */
const SOCKETS_PER_ADDRESS = 10_000
const CONCURRENCY = 64
const READY_MS = 60_000
const DRAIN_MS = 5_000
const RETRY_MS = 250
const MOST_RETRY_MS = 4_000
const MOST_RETRIES = 30
const ZERO = 0x30
const NINE = 0x39

interface Room {
  id: string
  sockets: RawSocket[]
  sent: number
}

/** Holds the sockets of a load and drives one run after another over them. */
export class LoadGenerator {
  #dialect: Dialect = dialects.plain
  #members: ConnectPlan['members'] = []
  #sockets: RawSocket[] = []
  readonly #rooms = new Map<string, Room>()
  readonly #ready = new Map<RawSocket, () => void>()
  #tracker = new DeliveryTracker()
  #next_number = 0
  #errors = 0
  #first_error: string | undefined
  #closed = 0
  #replayed = 0

  async connect(plan: ConnectPlan): Promise<ConnectReport> {
    const { dialect, ports, members, concurrency = CONCURRENCY, retry = false } = plan
    this.#dialect = dialects[dialect]
    this.#members = members
    this.#replayed = 0
    const begin = performance.now()
    const ready_ms: number[] = []
    let retries = 0
    let next = 0
    const dial = async () => {
      for (let index = next++; index < members.length; index = next++) {
        const dialled = performance.now()
        const once = () => this.#dial(index, ports[index % ports.length] ?? 0)
        if (retry) retries += await untilDone(once)
        else await once()
        ready_ms.push(performance.now() - dialled)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, dial))
    const elapsed_ms = performance.now() - begin
    return { sockets: this.#sockets.length, elapsed_ms, ready_ms, retries, replayed: this.#replayed }
  }

  async #dial(index: number, port: number): Promise<void> {
    const member = this.#members[index]
    if (!member) throw new Error(`there is no member ${index}`)
    const socket = new RawSocket(index, {
      host: HOST,
      port,
      local_address: `127.0.0.${1 + Math.floor(index / SOCKETS_PER_ADDRESS)}`,
      ...this.#dialect.request(member),
      onText: this.#onText,
      onClosed: () => this.#closed++
    })
    const ready = new Promise<void>((resolve) => this.#ready.set(socket, resolve))
    try {
      await socket.opened
      if (!this.#dialect.ready_at_upgrade) await Promise.race([ready, tooLate()])
    } catch (error) {
      socket.close()
      throw error
    } finally {
      this.#ready.delete(socket)
    }
    this.#sockets.push(socket)
    const room = this.#rooms.get(member.room) ?? { id: member.room, sockets: [], sent: 0 }
    room.sockets.push(socket)
    this.#rooms.set(member.room, room)
  }

  async run(plan: RunPlan): Promise<RunReport> {
    this.#reset()
    const cpu = process.cpuUsage()
    const start = nowMicros()
    const schedule = plan.kind === 'open' ? await this.#runOpen(plan) : await this.#runWindow(plan)
    await this.#drain(plan.drain_ms ?? DRAIN_MS)
    return this.#report(start, cpu, schedule)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.close()
    this.#sockets = []
    this.#rooms.clear()
  }

  #runOpen({ rate, seconds, body_length }: RunPlan & { kind: 'open' }): Promise<ScheduleReport> {
    const pick = this.#rotation()
    return runOpenLoop({ rate, count: Math.round(rate * seconds) }, (_n, micros) =>
      this.#send(pick(), micros, body_length)
    )
  }

  async #runWindow({
    in_flight,
    seconds,
    body_length
  }: RunPlan & { kind: 'window' }): Promise<ScheduleReport> {
    const pick = this.#rotation()
    const tracker = this.#tracker
    const until = performance.now() + seconds * 1_000
    const send = () => {
      if (performance.now() < until) this.#send(pick(), nowMicros(), body_length)
    }
    tracker.onCompleted = send
    for (let n = 0; n < in_flight; n++) send()
    await delay(seconds * 1_000)
    tracker.onCompleted = () => {}
    return { worst_lateness_ms: 0 }
  }

  /** Every room in turn, and in each its members in turn. */
  #rotation(): () => Room {
    const rooms = [...this.#rooms.values()]
    let n = 0
    return () => {
      const room = rooms[n++ % rooms.length]
      if (!room) throw new Error('nothing is connected')
      return room
    }
  }

  #send(room: Room, micros: number, body_length: number): void {
    const number = this.#next_number++
    const sender = room.sockets[room.sent++ % room.sockets.length]
    this.#tracker.sent(number, micros, room.sockets.length)
    sender?.send(this.#dialect.send(room.id, number, stampedBody(number, micros, body_length)))
  }

  async #drain(most_ms: number): Promise<void> {
    const until = performance.now() + most_ms
    while (!this.#isSettled() && performance.now() < until) await delay(10)
  }

  #isSettled(): boolean {
    const acknowledged =
      this.#dialect.ack_prefix === undefined || this.#tracker.ack_ms.length >= this.#tracker.counts.sent
    return this.#tracker.complete && acknowledged
  }

  #reset(): void {
    this.#tracker = new DeliveryTracker(this.#next_number)
    this.#errors = 0
    this.#first_error = undefined
    this.#closed = 0
    for (const room of this.#rooms.values()) room.sent = 0
    for (const socket of this.#sockets) {
      socket.reads = 0
      socket.bytes = 0
      socket.messages = 0
    }
  }

  #report(start: number, cpu: NodeJS.CpuUsage, { worst_lateness_ms }: ScheduleReport): RunReport {
    const { user, system } = process.cpuUsage(cpu)
    const { last_delivery_ms, ack_ms, counts, completed_at } = this.#tracker
    return {
      ...counts,
      seconds: Math.max(0, completed_at - start) / 1_000_000,
      last_delivery_ms,
      ack_ms,
      worst_lateness_ms,
      uneven_sockets: this.#unevenSockets(),
      closed_sockets: this.#closed,
      errors: this.#errors,
      first_error: this.#first_error,
      cpu_seconds: (user + system) / 1_000_000,
      reads: total(this.#sockets.map(({ reads }) => reads)),
      bytes: total(this.#sockets.map(({ bytes }) => bytes))
    }
  }

  #unevenSockets(): number {
    return total(
      [...this.#rooms.values()].map(
        ({ sockets, sent }) => sockets.filter(({ messages }) => messages !== sent).length
      )
    )
  }

  #onText = (socket: RawSocket, bytes: Buffer, start: number, end: number): void => {
    switch (this.#dialect.kindOf(bytes, start)) {
      case Kind.message:
        if (this.#ready.has(socket)) this.#replayed++
        else if (this.#tracker.received(bytes, start, end, nowMicros())) socket.messages++
        break
      case Kind.ack:
        this.#acknowledge(bytes, start, end)
        break
      case Kind.ready:
        this.#ready.get(socket)?.()
        break
      case Kind.ping:
        if (this.#dialect.pong !== undefined) socket.send(this.#dialect.pong)
        break
      case Kind.open:
        this.#greet(socket)
        break
      case Kind.error:
        this.#errors++
        this.#first_error ??= bytes.toString('utf8', start, end)
        break
      case Kind.other:
        break
    }
  }

  #greet(socket: RawSocket): void {
    const member = this.#members[socket.index]
    if (member && this.#dialect.hello) socket.send(this.#dialect.hello(member))
  }

  #acknowledge(bytes: Buffer, start: number, end: number): void {
    const prefix = this.#dialect.ack_prefix
    if (prefix === undefined) return
    let number = 0
    for (let at = bytes.indexOf(prefix, start, 'latin1') + prefix.length; at < end; at++) {
      const digit = bytes[at] ?? 0
      if (digit < ZERO || digit > NINE) break
      number = number * 10 + digit - ZERO
    }
    this.#tracker.acknowledged(number, nowMicros())
  }
}

/** Returns how often it had to be tried again. */
async function untilDone(work: () => Promise<void>): Promise<number> {
  for (let retries = 0; ; retries++) {
    try {
      await work()
      return retries
    } catch (error) {
      if (retries === MOST_RETRIES) throw error
      await delay(Math.random() * Math.min(RETRY_MS * 2 ** retries, MOST_RETRY_MS))
    }
  }
}

async function tooLate(): Promise<never> {
  await delay(READY_MS, undefined, { ref: false })
  throw new Error(`a socket was not ready within ${READY_MS} ms`)
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
