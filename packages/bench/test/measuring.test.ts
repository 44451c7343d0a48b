import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { type WebSocket, WebSocketServer } from 'ws'
import { DeliveryTracker } from '../src/load/delivery-tracker.ts'
import { encodeClientFrame, FrameReader } from '../src/load/frame-reader.ts'
import { dueBy, runOpenLoop, stampTime } from '../src/load/open-loop.ts'
import { findStamp, stampedBody, stampMicros, stampNumber } from '../src/load/stamp.ts'
import { stallSocket } from '../src/load/stalled-socket.ts'
import { medianOf, percentilesOf } from '../src/runner/percentiles.ts'
import { countRefusals, Refusal } from '../src/systems/refusal.ts'

t.test('percentiles are those of all samples together', async (t) => {
  const slow = [100]
  const quick = Array.from({ length: 98 }, () => 1)
  t.strictSame(percentilesOf([quick, slow, [2]]), { count: 100, p50: 1, p99: 2, max: 100 })
  t.strictSame(percentilesOf([[3, 1, 2]]), { count: 3, p50: 2, p99: 3, max: 3 })
  t.equal(percentilesOf([]).count, 0)
  t.ok(Number.isNaN(percentilesOf([[]]).p50))
})

t.test('the median of an even number is the mean of the middle two', async (t) => {
  t.equal(medianOf([9, 1, 5]), 5)
  t.equal(medianOf([4, 1, 3, 100]), 3.5)
  t.ok(Number.isNaN(medianOf([])))
})

t.test('a schedule is held whatever time has passed', async (t) => {
  const schedule = { rate: 1_000, count: 50 }
  t.equal(dueBy(0, schedule), 1, 'the first is due at once')
  t.equal(dueBy(10_500, schedule), 11)
  t.equal(dueBy(5_000_000, schedule), 50, 'and never more than there are')
})

t.test('what a stall held up counts from when it was due', async (t) => {
  t.equal(stampTime(1_000, 2_500), 2_500, "a timer's coarseness is not the server's")
  t.equal(stampTime(1_000, 9_000), 1_000)
})

t.test('an open loop sends all, in order, also after its process stood still', async (t) => {
  const stamps: number[] = []
  const report = await runOpenLoop({ rate: 2_000, count: 60 }, (n, micros) => {
    t.equal(n, stamps.length)
    stamps.push(micros)
    if (n === 10) stall(20)
  })
  t.equal(stamps.length, 60)
  t.ok(report.worst_lateness_ms >= 15, 'the stall is reported')
  const [tenth = 0, next = 0] = stamps.slice(10)
  t.ok(next - tenth < 15_000, 'and what was due meanwhile is stamped as of then')
})

t.test('a stamp is found in a frame, also where its place moved', async (t) => {
  const frame = (seq: number) => Buffer.from(`{"seq":${seq},"body":"${stampedBody(42, 1_234_567, 60)}"}`)
  const first = frame(9)
  const at = findStamp(first, 0, first.length, 0)
  t.equal(stampNumber(first, at), 42)
  t.equal(stampMicros(first, at), 1_234_567)
  const second = frame(10)
  t.equal(findStamp(second, 0, second.length, at), at + 1)
  const third = frame(1_000_000_000)
  t.equal(findStamp(third, 0, third.length, at), at + 9)
  t.equal(findStamp(Buffer.from('{"type":"ack"}'), 0, 14, at), -1)
})

t.test('the reader finds frames however they were cut', async (t) => {
  const short = ['short', 'x'.repeat(300), '']
  for (const [size, texts] of [
    [1, short],
    [7, short],
    [5_000, [...short, 'y'.repeat(70_000), 'end']],
    [100_000, [...short, 'y'.repeat(70_000), 'end']]
  ] as const) {
    const stream = Buffer.concat([...texts.map(serverFrame), Buffer.from([0x89, 1, 0x21])])
    const seen: string[] = []
    const reader = new FrameReader()
    const sink = {
      text: (bytes: Buffer, start: number, end: number) => seen.push(bytes.toString('utf8', start, end)),
      control: (opcode: number, payload: Buffer) => seen.push(`${opcode} ${payload.toString()}`)
    }
    for (let at = 0; at < stream.length; at += size) {
      const chunk = Buffer.from(stream.subarray(at, at + size))
      reader.push(chunk, chunk.length, sink)
      // As the shared buffer is.
      chunk.fill(0)
    }
    t.strictSame(seen, [...texts, '9 !'], `in pieces of ${size}`)
  }
})

t.test("a client's frame is masked, with zeros", async (t) => {
  t.strictSame([...encodeClientFrame('hi')], [0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
  t.equal(encodeClientFrame('x'.repeat(200)).length, 208)
})

t.test('the tracker knows the last receiver, losses and copies too many', async (t) => {
  const tracker = new DeliveryTracker(100)
  const arrive = (number: number, now: number) => {
    const frame = Buffer.from(`{"body":"${stampedBody(number, 1_000, 40)}"}`)
    tracker.received(frame, 0, frame.length, now)
  }
  tracker.sent(100, 1_000, 3)
  tracker.sent(101, 1_000, 2)
  arrive(100, 2_000)
  arrive(100, 3_000)
  arrive(99, 3_000)
  t.strictSame(tracker.last_delivery_ms, [])
  arrive(100, 9_000)
  t.strictSame(tracker.last_delivery_ms, [8])
  t.notOk(tracker.complete)
  arrive(101, 9_500)
  arrive(100, 9_600)
  t.strictSame(tracker.counts, { sent: 2, expected: 5, delivered: 4, excess: 1, completed: 1 })
})

function serverFrame(text: string): Buffer {
  const { length } = text
  const head =
    length < 126 ? [0x81, length] : length < 65_536 ? [0x81, 126, length >> 8, length & 255] : undefined
  if (head) return Buffer.concat([Buffer.from(head), Buffer.from(text)])
  const long = Buffer.alloc(10)
  long[0] = 0x81
  long[1] = 127
  long.writeUInt32BE(length, 6)
  return Buffer.concat([long, Buffer.from(text)])
}

function stall(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) {
    // As a garbage collection would.
  }
}

t.test('a refusal is counted, and whether it says when to try again; a failure is a failure', async (t) => {
  const count = countRefusals()
  t.equal(await count.attempt(async () => 'done'), true)
  t.equal(await count.attempt(() => Promise.reject(new Refusal('overloaded', 1_000))), false)
  t.equal(await count.attempt(() => Promise.reject(new Refusal('overloaded', undefined))), false)
  await t.rejects(
    count.attempt(() => Promise.reject(new Error('not_found'))),
    /not_found/
  )
  t.match(count, { refused: 2, told: 1 })
})

t.test('a stalled socket is let in, and reads nothing that is written to it', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const arrived = once(server, 'connection') as Promise<[WebSocket]>
  const stalled = await stallSocket((server.address() as AddressInfo).port, { path: '/', headers: [] })
  t.teardown(() => stalled.destroy())
  const [socket] = await arrived
  const frame = Buffer.alloc(1024 * 1024)
  for (let n = 0; n < 64; n++) socket.send(frame)
  t.ok(socket.bufferedAmount > 32 * frame.length, 'it piles up')
  socket.terminate()
})
