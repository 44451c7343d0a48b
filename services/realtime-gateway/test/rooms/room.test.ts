import { limits } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { encodeTextFrame, textOf, textsOf } from '../../src/connection/text-frame.ts'
import { TypingExpiry } from '../../src/presence/typing-expiry.ts'
import { Ring } from '../../src/rooms/ring.ts'
import { RoomEvent } from '../../src/rooms/room-event.ts'
import { encodeTyping } from '../../src/rooms/typing.ts'
import { Reader, RoomBench, simpleDialect } from './room-bench.ts'

function started(tuning: ConstructorParameters<typeof RoomBench>[0] = {}) {
  const bench = new RoomBench(tuning)
  const user = bench.user('ada')
  bench.conversation.add(user)
  bench.ringAll()
  const say = (count: number) => {
    for (let n = 0; n < count; n++) bench.conversation.send(user, `message ${n}`)
  }
  const join = (since?: number) => {
    const reader = new Reader(user)
    bench.subscribe(reader, { since })
    return reader
  }
  return { bench, user, say, join }
}

t.test('a text frame is what RFC 6455 says, and can be taken apart again', async (t) => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 100_000]) {
    const text = Buffer.alloc(length, 'é')
    const frame = encodeTextFrame(text)
    t.equal(frame[0], 0x81)
    t.equal(frame.length, length + (length < 126 ? 2 : length < 65_536 ? 4 : 10))
    t.ok(textOf(frame).equals(text))
  }
  const texts = ['a', 'b'.repeat(200), '', 'ü'.repeat(70_000)]
  t.strictSame([...textsOf(Buffer.concat(texts.map((text) => encodeTextFrame(text))))].map(String), texts)
})

t.test('the ring holds the recent end, by number and by size', async (t) => {
  const { bench, say } = started()
  say(10)
  const events = bench.doorbells.map((event) => new RoomEvent(event))
  const ring = new Ring(0, { ring_events: 4, ring_bytes: 1e6 })
  for (const event of events) ring.append(event)
  t.match(ring, { floor: 7, last: 11, events: [{ seq: 8 }, { seq: 9 }, { seq: 10 }, { seq: 11 }] })
  const small = new Ring(0, { ring_events: 100, ring_bytes: 1_000 })
  for (const event of events) small.append(event)
  t.ok(small.events.length >= 1 && small.events.length < 4, 'large events leave room for fewer')
  t.equal(small.floor, 11 - small.events.length)
})

t.test('a deletion takes what the message said out of the ring, with everything older', async (t) => {
  const { bench, say } = started()
  say(6)
  const events = bench.doorbells.map((event) => new RoomEvent(event))
  const ring = new Ring(1, { ring_events: 100, ring_bytes: 1e6 })
  for (const event of events) ring.append(event)
  const { last, floor } = ring
  t.equal(floor, 1)
  const third = bench.doorbells[2]
  if (!third) return t.fail('six events')
  const frame = Buffer.from('{"type":"message_deleted"}')
  ring.append(new RoomEvent({ ...third, seq: last + 1, prev: last, kind: 'message.deleted', frame }))
  t.match(ring, { floor: third.seq, last: last + 1 })
  t.notOk(ring.events.some(({ seq }) => seq <= third.seq))
})

t.test('a room keeps a copy of its events: what they came in may go', async (t) => {
  const { bench, say } = started()
  say(1)
  const [event] = bench.doorbells
  if (!event) return
  const received = Buffer.concat([event.frame, Buffer.alloc(100_000)])
  const kept = new RoomEvent({ ...event, frame: received.subarray(0, event.frame.length) })
  t.not(kept.wire.buffer, received.buffer)
  t.ok(kept.frame.equals(event.frame))
})

t.test('the events of a turn are one write a reader, the same bytes for all', async (t) => {
  const { bench, say, join } = started()
  const readers = [join(), join(), join()]
  await bench.settle()
  say(5)
  bench.ringAll()
  await bench.settle()
  for (const reader of readers) {
    t.strictSame(reader.seqs, [2, 3, 4, 5, 6])
    t.equal(reader.writes, 1)
  }
  t.equal(bench.reads.length, 1, 'one read for the three of them')
})

t.test('a large room is written in parts, and nobody misses or repeats what comes meanwhile', async (t) => {
  const { bench, say, join } = started({ fan_out_chunk: 3 })
  const readers = Array.from({ length: 10 }, () => join())
  await bench.settle()
  say(1)
  bench.ringAll()
  await bench.settle(1)
  t.ok(readers.some(({ writes }) => writes > 0) && readers.some(({ writes }) => writes === 0), 'in parts')
  const late = join(2)
  say(3)
  bench.ringAll()
  const leaving = readers[4]?.subscription
  if (leaving) bench.room.drop(leaving)
  await bench.settle(40)
  for (const [n, reader] of readers.entries()) if (n !== 4) t.strictSame(reader.seqs, [2, 3, 4, 5])
  t.strictSame(late.seqs, [3, 4, 5], 'who joined meanwhile begins after what was under way')
})

const pausing = { fan_out_chunk: 3, pause_after_ms: 0.002, pause_ms: 300 }

t.test('a large room pauses between its parts while other rooms are at work', async (t) => {
  const { bench, say, join } = started(pausing)
  const readers = Array.from({ length: 7 }, () => join())
  await bench.settle()
  const written = () => readers.filter(({ writes }) => writes > 0).length
  say(1)
  bench.ringAll()
  bench.room.pace.began({})
  await bench.settle()
  t.equal(written(), 3)
  say(1)
  bench.ringAll()
  await bench.settle()
  t.equal(written(), 3, 'what comes meanwhile does not end the pause')
  await waitUntil(() => written() > 3, { message: 'the next part' })
  bench.room.pace.began({})
  await bench.settle(40)
  t.equal(written(), 7, 'but is written before there is another one')
  await waitUntil(() => readers.every(({ seqs }) => seqs.length === 2), { message: 'everything' })
  for (const { seqs } of readers) t.strictSame(seqs, [2, 3])
})

t.test('a large room does not pause when it is alone, nor for longer than it may', async (t) => {
  for (const { tuning, others } of [
    { tuning: pausing, others: false },
    { tuning: { ...pausing, pauses_ms: 0 }, others: true },
    { tuning: { ...pausing, pause_after_ms: 1 }, others: true }
  ]) {
    const { bench, say, join } = started(tuning)
    const readers = Array.from({ length: 7 }, () => join())
    await bench.settle()
    say(1)
    bench.ringAll()
    if (others) bench.room.pace.began({})
    await bench.settle()
    for (const { seqs } of readers) t.strictSame(seqs, [2])
  }
})

t.test('under load a room rests after a batch, and what comes meanwhile is one write', async (t) => {
  const { bench, say, join } = started({ coalesce_ms: 1_000 })
  const reader = join()
  await bench.settle()
  say(1)
  bench.ringAll()
  await bench.settle()
  t.equal(reader.writes, 1, 'a lone message does not wait')
  // As if a thousand events had taken a millisecond each.
  bench.room.writeLoad.note(1_000, 1_000)
  say(1)
  bench.ringAll()
  await bench.settle()
  t.equal(reader.writes, 2, 'nor does the first one after a while')
  for (let n = 0; n < 3; n++) {
    say(1)
    bench.ringAll()
    await bench.settle()
  }
  t.equal(reader.writes, 2, 'the next ones do')
  const late = join(2)
  await bench.settle()
  t.strictSame(late.seqs, [3, 4, 5, 6], 'who joins meanwhile has them from the ring')
  await waitUntil(() => reader.writes === 3, { message: 'the rest ends' })
  t.strictSame(reader.seqs, [2, 3, 4, 5, 6])
  t.strictSame(late.seqs, [3, 4, 5, 6], 'once')
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

t.test('readers that are behind at different places come together', async (t) => {
  const { bench, say, join } = started({ page_bytes: 40_000, ring_bytes: 1e6, ring_events: 1_000 })
  await bench.settle()
  const first = join()
  await bench.settle()
  say(300)
  bench.ringAll()
  await bench.settle()
  const readers = Array.from({ length: 10 }, (_, n) => join(n + 1))
  await bench.settle(2)
  const cursors = new Set(readers.map(({ subscription }) => subscription?.cursor))
  t.equal(cursors.size, 1, `all at ${[...cursors].join()}`)
  await bench.settle(100)
  for (const [n, reader] of readers.entries()) t.equal(reader.frames.length, 300 - n)
  t.equal(first.frames.length, 300)
})

t.test('one page serves everyone whose cursor lies inside', async (t) => {
  const { bench, say, join } = started({ page_events: 200, ring_events: 5 })
  say(100)
  const readers = Array.from({ length: 50 }, (_, n) => join(n))
  await bench.settle(100)
  for (const [n, reader] of readers.entries()) {
    t.equal(reader.frames.length, 101 - n)
    t.match(reader.answered, { head: 101 })
  }
  t.equal(bench.reads.length, 1)
  t.match(bench.reads[0], { since: 0, users: 1 }, 'one user, asked about once')
})

t.test('a deep reader does not hold up one that is nearly there', async (t) => {
  const { bench, say, join } = started({ page_events: 10, ring_events: 5 })
  say(500)
  const deep = join(0)
  await bench.settle(2)
  const near = join(470)
  await bench.settle(30)
  t.match(near.answered, { head: 501 })
  t.notOk(deep.answered)
  await bench.settle(300)
  t.match(deep.answered, { head: 501 })
})

t.test('pages of large messages get smaller, and a reader never gets much at once', async (t) => {
  const { bench, user, join } = started({ page_events: 50, page_bytes: 10_000, ring_events: 5 })
  for (let n = 0; n < 60; n++) bench.conversation.send(user, 'x'.repeat(5_000))
  const reader = join(0)
  let largest = 0
  const { write } = reader
  reader.write = (bytes) => {
    largest = Math.max(largest, bytes.length)
    write.call(reader, bytes)
  }
  await bench.settle(400)
  t.equal(reader.frames.length, 61)
  t.ok(largest < 20_000, `${largest} bytes at once`)
  t.ok(bench.reads.length <= 35, `${bench.reads.length} reads`)
})

t.test('DLV-3 a row that moved out of a page comes whole further on, never as a mere reaction', async (t) => {
  const { bench, user, say, join } = started({ page_events: 4, ring_events: 50 })
  const keeper = join()
  await bench.settle()
  say(6)
  const [first] = bench.conversation.messages.values()
  bench.ringAll()
  await bench.settle()
  if (first) bench.conversation.react(user, first.id, '+')
  bench.ringAll()
  await bench.settle()
  t.match(keeper.frames.at(-1), { type: 'reaction' }, 'live, a reaction is a reaction')
  const reader = join(1)
  await bench.settle(40)
  t.match(reader.frames.at(-1), { type: 'message_edited', message: { id: first?.id } })
  t.strictSame(reader.seqs, [3, 4, 5, 6, 7, 8])
})

// Chaos seed 216: an application was told that it had everything, and took the edit for one of a message it knew.
t.test('SUB-1 subscribed comes after a row that moved beyond the head it was judged at', async (t) => {
  const { bench, user, say } = started({ page_events: 3 })
  say(4)
  const [first] = bench.conversation.messages.values()
  const { head } = bench.conversation
  say(3)
  if (first) bench.conversation.edit(user, first.id, 'edited meanwhile')
  const reader = new Reader(user)
  let seen: unknown[] = []
  reader.subscribed = () => (seen = reader.seqs)
  bench.subscribe(reader, { since: 1, membership: { head, role: 'member', read_seq: 0 } })
  await bench.settle()
  t.strictSame(seen, [3, 4, 5, 6, 7, 8, 9], 'what it was sent before')
  t.equal(reader.refusal, undefined)
  t.match(reader.frames.at(-1), { type: 'message_edited', message: { id: first?.id } })
})

t.test(
  'DLV-3 amid pages a room takes no doorbell: its row may have moved out of the page before',
  async (t) => {
    const { bench, user, say, join } = started({ page_events: 3 })
    const reader = join()
    await bench.settle()
    say(4)
    const [first] = bench.conversation.messages.values()
    if (first) bench.conversation.react(user, first.id, '+')
    const reaction = bench.doorbells.at(-1)
    bench.holding = true
    bench.ring(3)
    await bench.settle()
    // The page holds 3, 4 and 5; row 2 is at 6 by now. The doorbell of 6 is next after it, and only a reaction.
    if (reaction) bench.room.receive(reaction)
    bench.release()
    await bench.settle()
    bench.release()
    await bench.settle()
    t.strictSame(reader.seqs, [3, 4, 5, 6])
    t.match(reader.frames.at(-1), { type: 'message_edited', message: { id: first?.id } })
  }
)

t.test('REV-1 a removal that was undone before membership was checked ends nothing', async (t) => {
  const { bench, user, join } = started()
  const bob = bench.user('bob')
  bench.conversation.add(bob)
  bench.ringAll()
  join()
  await bench.settle()
  bench.conversation.remove(bob)
  bench.conversation.send(user, 'while away')
  bench.conversation.add(bob)
  bench.ringAll()
  await bench.settle()
  const reader = new Reader(bob)
  bench.subscribe(reader, { since: 2 })
  await bench.settle()
  t.notOk(reader.end)
  t.strictSame(reader.seqs, [3, 4, 5])
  t.match(reader.answered, { head: 5 })
})

t.test('a gap is read at the end of the turn, and only if it is still there', async (t) => {
  const { bench, say, join } = started()
  const reader = join()
  await bench.settle()
  say(4)
  const reads = bench.reads.length
  for (const n of [3, 0, 1, 0]) bench.ring(n)
  await bench.settle()
  t.strictSame(reader.seqs, [2, 3, 4, 5])
  t.equal(bench.reads.length, reads)
  say(3)
  bench.ring(2)
  await bench.settle()
  t.strictSame(reader.seqs, [2, 3, 4, 5, 6, 7, 8])
  t.equal(bench.reads.length, reads + 1)
})

t.test(
  'a doorbell that promises what is not there is looked after once a beat, not in a circle',
  async (t) => {
    const { bench, say, join } = started()
    const reader = join()
    await bench.settle()
    say(1)
    const [event] = bench.doorbells
    if (event) bench.room.receive({ ...event, seq: 50, prev: 49 })
    const reads = bench.reads.length
    bench.ringAll()
    await bench.settle(50)
    t.ok(bench.reads.length <= reads + 2, `${bench.reads.length - reads} reads`)
    t.strictSame(reader.seqs, [2])
    say(1)
    bench.ringAll()
    bench.beat()
    await bench.settle()
    t.strictSame(reader.seqs, [2, 3], 'and the false one was forgotten')
  }
)

t.test('an api out of reach: joiners are told, the others wait for the next beat', async (t) => {
  const { bench, say, join } = started()
  const reader = join()
  await bench.settle()
  bench.failing = true
  say(2)
  bench.ring(1)
  const joiner = join(0)
  const admitted = new Reader(bench.user('bob'))
  bench.subscribe(admitted, { since: 0, membership: { head: 1, role: 'member', read_seq: 0 } })
  await bench.settle()
  t.match(joiner.refusal, { code: 'unavailable', extras: { retry_after_ms: 1_000 } })
  t.notOk(admitted.refusal)
  const reads = bench.reads.length
  await bench.settle(50)
  t.equal(bench.reads.length, reads, 'nobody asks in a circle')
  bench.failing = false
  bench.beat()
  await bench.settle()
  t.strictSame(reader.seqs, [2, 3])
  t.strictSame(admitted.seqs, [1, 2, 3])
})

t.test('REV-1 who was removed while its membership was being read gets nothing beyond', async (t) => {
  const { bench, user, join } = started()
  const bob = bench.user('bob')
  bench.conversation.add(bob)
  bench.ringAll()
  join()
  await bench.settle()
  bench.holding = true
  const reader = new Reader(bob)
  bench.subscribe(reader, { since: 0 })
  await bench.settle()
  bench.conversation.send(user, 'allowed')
  bench.conversation.remove(bob)
  bench.conversation.send(user, 'secret')
  bench.ringAll()
  await bench.settle()
  bench.release()
  await bench.settle(50)
  t.equal(reader.end, 'not_a_member')
  t.match(reader.frames.at(-1), { type: 'member_removed' })
  t.notMatch(JSON.stringify(reader.frames), /secret/)
})

t.test('REV-4 a page that was read before sessions lapsed is not written after', async (t) => {
  const { bench, say, join } = started({ unconfirmed_ms: 20, page_events: 2 })
  bench.confirmation.confirm(performance.now())
  say(3)
  bench.holding = true
  const reader = join(0)
  await bench.settle()
  await new Promise((resolve) => setTimeout(resolve, 30))
  bench.release()
  await bench.settle()
  t.equal(reader.writes, 0)
  bench.confirmation.confirm(performance.now())
  bench.beat()
  await bench.settle()
  t.strictSame(reader.seqs, [1, 2, 3, 4])
})

t.test('DLV-6 what is volatile goes to live readers, not to its author', async (t) => {
  const { bench, user, join } = started()
  const mine = join()
  const others = new Reader(bench.user('bob'))
  bench.conversation.add({ id: others.user_id, username: 'bob', display_name: 'bob' })
  bench.subscribe(others)
  await bench.settle()
  bench.room.tellTyping(encodeTextFrame('{"type":"typing"}'), user.id)
  t.equal(mine.writes, 0)
  t.match(others.frames, [{ type: 'typing' }])
  bench.room.suspend()
  bench.room.tellTyping(encodeTextFrame('{"type":"typing"}'), user.id)
  t.equal(others.writes, 1, 'not to one that is behind')
})

t.test('TYP-2 who types is told in parts, and not at all where very many listen', async (t) => {
  const { bench, user } = started({ fan_out_chunk: 100 })
  const expiry = new TypingExpiry(50)
  t.teardown(() => expiry.close())
  const type = (user_id: string, on: boolean) =>
    expiry.receive(bench.room, encodeTyping({ conversation_id: bench.room.id, user_id, on }))
  bench.conversation.add({ id: 'bob', username: 'bob', display_name: 'bob' })
  const bob = { ...bench.user('bob'), id: 'bob' }
  const join = () => {
    const reader = new Reader(bob)
    bench.subscribe(reader)
    return reader
  }
  const readers = Array.from({ length: limits.typing_listeners }, join)
  await bench.settle()
  const told = () => readers.filter(({ frames }) => frames.length > 0).length
  type(user.id, true)
  t.equal(told(), 100, 'the first part at once')
  const leaving = readers.at(-1)?.subscription
  if (leaving) bench.room.drop(leaving)
  await bench.settle()
  t.equal(told(), limits.typing_listeners - 1, 'whoever left meanwhile is not told')
  for (const more of [join(), join()]) readers.push(more)
  await bench.settle()
  const news = () => readers.at(-1)?.frames ?? []
  type(user.id, true)
  const { id: eve } = bench.user('eve')
  for (const on of [true, false]) type(eve, on)
  await bench.settle()
  t.strictSame(news(), [], 'it does not begin')
  await waitUntil(() => news().length > 0, { message: 'the end of what had begun before' })
  t.match(news(), [{ type: 'typing', user_id: user.id, on: false }])
})

t.test('SMP-4 a simple reader is told of a compacted message as a new one', async (t) => {
  const { bench, user } = started({ ring_events: 3, page_events: 4 })
  const reader = new Reader(user, simpleDialect)
  bench.subscribe(reader, { since: 1, membership: { head: 1, role: 'member', read_seq: 0 } })
  await bench.settle()
  bench.ringAll()
  const { message } = bench.conversation.send(user, 'draft')
  bench.conversation.edit(user, message.id, 'final')
  bench.doorbells.splice(0)
  bench.beat()
  await bench.settle()
  t.match(reader.frames, [{ type: 'message', message: { body: 'final' } }])
  bench.conversation.edit(user, message.id, 'really final')
  bench.ringAll()
  await bench.settle()
  t.match(reader.frames[1], { type: 'message_edited', message: { body: 'really final' } })
})
