// How readers that are behind get what they lack: pages that serve many, and end in the live stream without a gap.
import t from 'tap'
import { simpleDialect } from '../../src/dialects/simple-dialect.ts'
import { Reader, started } from './room-bench.ts'

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
