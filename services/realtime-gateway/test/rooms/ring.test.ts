// What a room keeps of its recent events, and what of them goes.
import t from 'tap'
import { Ring } from '../../src/rooms/ring.ts'
import { RoomEvent } from '../../src/rooms/room-event.ts'
import { started } from './room-bench.ts'

/** What a room of one is told of so many messages; the first is at 2. */
function said(count: number) {
  const { bench, say } = started()
  say(count)
  return bench.doorbells
}

t.test('the ring holds the recent end, by number and by size', async (t) => {
  const events = said(10).map((event) => new RoomEvent(event))
  const ring = new Ring(0, { ring_events: 4, ring_bytes: 1e6 })
  for (const event of events) ring.append(event)
  t.match(ring, { floor: 7, last: 11, events: [{ seq: 8 }, { seq: 9 }, { seq: 10 }, { seq: 11 }] })
  const small = new Ring(0, { ring_events: 100, ring_bytes: 1_000 })
  for (const event of events) small.append(event)
  t.ok(small.events.length >= 1 && small.events.length < 4, 'large events leave room for fewer')
  t.equal(small.floor, 11 - small.events.length)
})

t.test('a deletion takes what the message said out of the ring, with everything older', async (t) => {
  const doorbells = said(6)
  const ring = new Ring(1, { ring_events: 100, ring_bytes: 1e6 })
  for (const event of doorbells) ring.append(new RoomEvent(event))
  const { last, floor } = ring
  t.equal(floor, 1)
  const third = doorbells[2]
  if (!third) return t.fail('six events')
  const frame = Buffer.from('{"type":"message_deleted"}')
  ring.append(new RoomEvent({ ...third, seq: last + 1, prev: last, kind: 'message.deleted', frame }))
  t.match(ring, { floor: third.seq, last: last + 1 })
  t.notOk(ring.events.some(({ seq }) => seq <= third.seq))
})

t.test('a room keeps a copy of its events: what they came in may go', async (t) => {
  const [event] = said(1)
  if (!event) return
  const received = Buffer.concat([event.frame, Buffer.alloc(100_000)])
  const kept = new RoomEvent({ ...event, frame: received.subarray(0, event.frame.length) })
  t.not(kept.wire.buffer, received.buffer)
  t.ok(kept.frame.equals(event.frame))
})

t.test('a room of many readers keeps more', async (t) => {
  const { bench, say, join } = started({ ring_events: 10, ring_readers: 5 })
  const readers = Array.from({ length: 10 }, () => join())
  await bench.settle()
  say(100)
  bench.ringAll()
  t.equal(bench.room.ring?.events.length, 30)
  for (const { subscription } of readers) if (subscription) bench.room.drop(subscription)
  say(1)
  bench.ringAll()
  t.equal(bench.room.ring?.events.length, 10)
})
