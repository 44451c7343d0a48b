// Who may read a room, and what it does when doorbells are lost, wrong or cannot be followed.
import t from 'tap'
import { Reader, started } from './room-bench.ts'

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
