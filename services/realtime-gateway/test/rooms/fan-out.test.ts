// How what happens in a room is written to its live readers: together, in parts, with pauses, with rests.
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { started } from './room-bench.ts'

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
