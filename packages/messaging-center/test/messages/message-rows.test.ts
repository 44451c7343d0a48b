// How messages stand to each other in the list, what is new among them, what was pressed, and how far mine got.
import type { OutboxEntry } from '@parley/client'
import type { Message } from '@parley/contracts'
import t from 'tap'
import { countAfter, daysOf, firstUnread, type Said } from '../../src/messages/message-rows.ts'
import { readersOf } from '../../src/messages/read-positions.ts'
import { withoutDone, withWanted } from '../../src/messages/wanted-reactions.ts'
import { aMessage, person } from '../fixtures/a-message.ts'

const [ann, ben] = [person('Ann'), person('Ben')]
/** At noon of a day of the reader's, and so many minutes later. */
const noon = (minutes: number) => new Date(2026, 2, 1, 12, minutes).toISOString()
const at = (seq: number, minutes: number, more: Partial<Message> = {}) =>
  aMessage({ seq, created_at: noon(minutes), ...more })
const said = (messages: readonly Message[], more: Partial<Said> = {}) =>
  daysOf({ messages, outgoing: [], me: ann.id, ...more })
const grouped = (messages: readonly Message[], more: Partial<Said> = {}) =>
  said(messages, more).flatMap(({ rows }) => rows.map((row) => row.grouped))

t.test('what one person says within five minutes stands together', async (t) => {
  t.strictSame(grouped([at(1, 0), at(2, 4), at(3, 8), at(4, 13)]), [false, true, true, false])
  t.strictSame(grouped([at(1, 0), at(2, 0, { sender: ben }), at(3, 0)]), [false, false, false])
  const forwarded_from = { message_id: 'm', sender: ben }
  t.strictSame(grouped([at(1, 0), at(2, 0, { forwarded_from }), at(3, 0)]), [false, false, true])
  t.strictSame(grouped([at(1, 0), at(2, 0), at(3, 0)], { first_unread: 2 }), [false, false, true])
  t.strictSame(grouped([at(1, 0), at(2, 0)], { root_id: 'message-1' }), [false, false], 'not with a root')
})

t.test('each day has its own part, and begins anew', async (t) => {
  const days = said([at(1, 11 * 60 + 58), at(2, 11 * 60 + 59), at(3, 12 * 60)])
  t.strictSame(
    days.map(({ key, rows }) => [key, rows.map((row) => row.grouped)]),
    [
      ['2026-03-01', [false, true]],
      ['2026-03-02', [false]]
    ]
  )
})

t.test('what is on its way stands at the end, with what I said last', async (t) => {
  const queued_at = Date.parse(noon(1))
  const outgoing = [{ client_id: 'c', queued_at } as OutboxEntry]
  t.strictSame(grouped([at(1, 0)], { outgoing }), [false, true])
  t.strictSame(grouped([at(1, 0, { sender: ben })], { outgoing }), [false, false])
  t.match(said([], { outgoing }), [{ rows: [{ kind: 'outgoing', entry: { client_id: 'c' } }] }])
})

t.test('new is what others said and did not take back', async (t) => {
  const messages = [
    at(1, 0, { sender: ben }),
    at(2, 0),
    at(3, 0, { sender: ben, deleted_at: noon(1) }),
    at(4, 0, { sender: ben }),
    at(5, 0, { sender: ben })
  ]
  t.equal(firstUnread(messages, 1, ann.id), 4)
  t.equal(firstUnread(messages, 5, ann.id), undefined)
  t.equal(countAfter(messages, 1, ann.id), 2)
})

t.test('how far mine got: the last one, and the last that everybody has read', async (t) => {
  const messages = [
    at(1, 0),
    at(2, 0),
    at(3, 0, { sender: ben }),
    at(4, 0),
    at(5, 0, { deleted_at: noon(0) })
  ]
  const marks = (...read: number[]) => [
    ...readersOf(
      messages,
      read.map((read_seq) => ({ read_seq, joined_seq: 0 })),
      ann.id
    )
  ] // prettier-ignore
  t.strictSame(marks(0), [['message-4', { by: 0, of: 1 }]])
  t.strictSame(marks(3), [
    ['message-4', { by: 0, of: 1 }],
    ['message-2', { by: 1, of: 1 }]
  ]) // prettier-ignore
  t.strictSame(marks(4, 2), [
    ['message-4', { by: 1, of: 2 }],
    ['message-2', { by: 2, of: 2 }]
  ]) // prettier-ignore
  t.strictSame(marks(9, 9), [['message-4', { by: 2, of: 2 }]])
  t.strictSame(marks(), [], 'nobody else is there')
  const late = [{ read_seq: 9, joined_seq: 9 }]
  t.strictSame([...readersOf(messages, late, ann.id)], [], 'nobody else was there')
})

t.test('a reaction is shown as it was pressed until it is so', async (t) => {
  const reactions = [
    { emoji: '👍', count: 2, me: true },
    { emoji: '🎉', count: 1 }
  ]
  const wanted = { '👍': false, '🎉': true }
  t.strictSame(withWanted(reactions, wanted), [
    { emoji: '👍', count: 1, me: false },
    { emoji: '🎉', count: 2, me: true }
  ])
  t.strictSame(withWanted(reactions, { '👍': true }), reactions)
  t.equal(withoutDone(wanted, reactions), wanted)
  t.strictSame(withoutDone(wanted, [{ emoji: '👍', count: 1, me: false }]), { '🎉': true })
})
