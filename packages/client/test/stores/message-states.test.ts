// THR-2 and the later of two states: whatever comes first, the same is shown in the end.
import type { Message } from '@parley/contracts'
import fc from 'fast-check'
import t from 'tap'
import { countReply, later, merge, react, uncountReply } from '../../src/stores/message-states.ts'

const sender = { id: 'ann', username: 'ann', display_name: 'Ann' }
const message = (facts: Partial<Message>): Message => ({
  id: 'm',
  conversation_id: 'c',
  seq: 1,
  changed_seq: facts.seq ?? 1,
  sender,
  body: '',
  client_id: null,
  reply_to_id: null,
  reactions: [],
  created_at: '2026-01-01T00:00:00.000Z',
  edited_at: null,
  deleted_at: null,
  ...facts
})

t.test(
  'THR-2: a summary counts each reply once, whether the page that it came on had it already or not',
  async (t) => {
    const events = fc.array(fc.boolean(), { maxLength: 20, size: 'max' })
    fc.assert(
      fc.property(events, fc.nat(20), (deletes, read) => {
        // Replies take 10, 20, 30 …; some are deleted right after, by the number that follows.
        const line = deletes.flatMap((isDeleted, n) => {
          const reply = message({ id: `r${n}`, seq: 10 * (n + 1), thread_id: 'm' })
          const gone = { ...reply, changed_seq: reply.seq + 1, deleted_at: 'now', body: null }
          return isDeleted ? [reply, gone] : [reply]
        })
        const apply = (root: Message, state: Message) =>
          state.deleted_at === null ? countReply(root, state) : uncountReply(root, state)
        const page = line.slice(0, read).reduce(apply, message({}))
        const whole = line.reduce(apply, message({}))
        const again = line.reduce(apply, page)
        t.strictSame(again.thread, whole.thread)
        return (whole.thread?.reply_count ?? 0) === deletes.filter((isDeleted) => !isDeleted).length
      })
    )
  }
)

t.test('the later state wins, in any order; a root keeps the later summary', async (t) => {
  const old = message({ body: 'old', thread: { reply_count: 2, changed_seq: 9 } })
  const edited = message({ body: 'new', changed_seq: 5, thread: { reply_count: 1, changed_seq: 4 } })
  for (const both of [later(old, edited), later(edited, old)])
    t.match(both, { body: 'new', thread: { reply_count: 2 } })
  t.strictSame(
    merge([message({ id: 'b', seq: 2 })], [message({ id: 'c', seq: 3 }), message({ id: 'a', seq: 1 })]).map(
      ({ id }) => id
    ),
    ['a', 'b', 'c']
  )
})

t.test('reactions stay in their order, and say whose they are as long as that is known', async (t) => {
  const before = message({
    reactions: [
      { emoji: '👍', count: 1, me: true },
      { emoji: '🎉', count: 1, me: false }
    ]
  }) // prettier-ignore
  const more = react(before, { emoji: '👍', count: 2, seq: 2 })
  t.strictSame(more.reactions[0], { emoji: '👍', count: 2, me: true })
  t.equal(react(more, { emoji: '👍', count: 1, seq: 2 }), more, 'once')
  const mine = react(more, { emoji: '🎉', count: 2, seq: 3, mine: true })
  t.strictSame(mine.reactions[1], { emoji: '🎉', count: 2, me: true })
  t.strictSame(react(mine, { emoji: '👍', count: 0, seq: 4 }).reactions.length, 1)
  const edited = message({ changed_seq: 5, reactions: [{ emoji: '👍', count: 2 }] })
  t.strictSame(later(mine, edited).reactions, [{ emoji: '👍', count: 2, me: true }])
})
