// What a client library hands on: the checker has to notice when it is twice, out of order, or not at all.
import t from 'tap'
import { checkDelivery, type HistoryRecord } from '../../src/index.ts'
import { SyntheticRun } from './synthetic-run.ts'

type Shown = Omit<Extract<HistoryRecord, { type: 'shown' }>, 'at' | 'type' | 'app' | 'user' | 'conversation'>

/** Three messages, the first of them deleted, and what an application of bob's was shown. */
function violated(change: (shown: Shown[]) => Shown[], stopped = false): string[] {
  const run = new SyntheticRun('ann', 'bob')
  const head = run.head
  const sent = [run.send('ann'), run.send('ann'), run.send('ann')]
  const deleted = run.delete('ann', sent[0]?.id ?? '')
  const who = { app: 'bob.1', user: 'bob' }
  run.record({ type: 'application', ...who, phase: 'start' })
  const created = sent.map(
    ({ id, seq = 0 }): Shown => ({ frame: 'message', seq, prev: seq - 1, subject: id, message_seq: seq })
  )
  const { seq = 0 } = deleted
  const all: Shown[] = [
    { frame: 'subscribed', head },
    ...created,
    { frame: 'message_deleted', seq, prev: seq - 1, subject: sent[0]?.id, message_seq: sent[0]?.seq }
  ]
  for (const facts of change(all)) run.record({ type: 'shown', ...who, conversation: run.room, ...facts })
  if (stopped) run.record({ type: 'application', ...who, phase: 'stop' })
  const { violations } = checkDelivery(run.history, run.truth)
  return violations.filter(({ invariant }) => invariant === 'I4').map(({ what }) => what)
}

t.test('I4: an application is shown everything once and in order', async (t) => {
  t.strictSame(
    violated((all) => all),
    []
  )
  t.strictSame(
    violated((all) => all.toSpliced(2, 1)),
    ['a message was never shown', 'the last change of a message was never shown']
  )
  t.strictSame(
    violated((all) => all.toSpliced(2, 1), true),
    [],
    'who has left misses nothing'
  )
  t.strictSame(
    violated((all) => all.slice(0, -1)),
    ['the last change of a message was never shown']
  )
  t.strictSame(
    violated(([start, one, two, ...rest]) => [start, two, one, ...rest].filter((each) => each !== undefined)),
    ['a new message was shown out of order']
  )
  t.strictSame(violated((all) => [...all, ...all.slice(1, 2)]).slice(0, 2), [
    'a change was shown twice',
    'a message was shown as new twice'
  ])
})
