// What may be done with a message, and what becomes of the lists beside a conversation.
import type { Message, Thread } from '@parley/contracts'
import { RateLimitedError } from '@parley/client'
import t from 'tap'
import { commandsFor } from '../src/messages/message-commands.ts'
import { withPin } from '../src/messages/pins.ts'
import { highlight } from '../src/search/highlights.ts'
import { searchPage } from '../src/search/search-page.ts'
import { nothingWished, queryOf } from '../src/search/search-wish.ts'
import { UNKNOWN, withRead, withReply, withRoot } from '../src/threads/thread-list.ts'
import { aMessage, person } from './fixtures/a-message.ts'

const ann = person('Ann')
const ben = person('Ben')
const later = '2026-03-01T13:00:00.000Z'

t.test(
  'authors edit and delete, owners and admins delete and see earlier versions, everybody else reports',
  async (t) => {
    const may = (message: Partial<Message>, role: 'owner' | 'admin' | 'member', me = ann) => {
      const commands = commandsFor(aMessage(message), { role }, me)
      return ['edit', 'delete', 'report', 'versions'].filter((one) => (commands as string[]).includes(one))
    }
    t.strictSame(may({}, 'member'), ['edit', 'delete'])
    t.strictSame(may({}, 'member', ben), ['report'])
    for (const role of ['owner', 'admin'] as const) {
      t.strictSame(may({}, role, ben), ['delete', 'report'])
      t.strictSame(may({ edited_at: later }, role, ben), ['delete', 'report', 'versions'])
    }
    t.strictSame(may({ edited_at: later }, 'member'), ['edit', 'delete'])
    const forwarded_from = { message_id: 'm', sender: ben }
    t.strictSame(may({ forwarded_from }, 'member'), ['delete'], 'words of others stay as they are')
  }
)

t.test(
  'every member reacts, replies, pins and forwards; of a tombstone only its thread is left',
  async (t) => {
    const commands = (message: Partial<Message>) => commandsFor(aMessage(message), { role: 'member' }, ben)
    t.strictSame(commands({}), [
      'react',
      'reply',
      'thread',
      'copyText',
      'copyLink',
      'forward',
      'pin',
      'seen',
      'report'
    ])
    t.ok(commands({ pinned_at: later }).includes('unpin'))
    t.notOk(commands({ pinned_at: later }).includes('pin'))
    t.notOk(commands({ body: '' }).includes('copyText'))
    const gone = { body: null, deleted_at: later }
    t.strictSame(commands(gone), [])
    t.strictSame(commands({ ...gone, thread: { reply_count: 1, changed_seq: 2 } }), ['thread'])
    t.strictSame(commands({ ...gone, thread: { reply_count: 0, changed_seq: 2 } }), [])
  }
)

t.test('pins are in the order in which they were pinned, the last one first', async (t) => {
  const one = aMessage({ seq: 1, pinned_at: '2026-03-01T12:00:00Z' })
  const two = aMessage({ seq: 2, pinned_at: '2026-03-01T14:00:00Z' })
  const seqs = (pins: readonly Message[]) => pins.map(({ seq }) => seq)
  t.strictSame(seqs(withPin([one], two)), [2, 1])
  t.strictSame(seqs(withPin([two, one], aMessage({ seq: 1 }))), [2])
  t.strictSame(seqs(withPin([two, one], aMessage({ seq: 9 }))), [2, 1])
  t.strictSame(withPin([one], { ...one, body: 'edited' })[0]?.body, 'edited')
  t.strictSame(withPin([one], { ...one, deleted_at: later }), [])
})

t.test('a reply brings its thread up, and is unread unless it is mine or was read', async (t) => {
  const thread = (seq: number, read_seq = 0): Thread => ({
    root: aMessage({ seq, thread: { reply_count: 1, changed_seq: seq } }),
    read_seq,
    unread_count: 0
  })
  const reply = (seq: number, root: number, sender = ben) =>
    aMessage({ seq, sender, thread_id: `message-${root}` })
  const threads = [thread(1), thread(2)]
  const counts = (some: readonly Thread[] | typeof UNKNOWN) =>
    some === UNKNOWN
      ? some
      : some.map(({ root, unread_count }) => [root.seq, root.thread?.reply_count, unread_count])
  const once = withReply(threads, reply(9, 2), ann.id)
  t.strictSame(counts(once), [
    [2, 2, 1],
    [1, 1, 0]
  ])
  t.equal(once === UNKNOWN || withReply(once, reply(9, 2), ann.id), once, 'once')
  t.strictSame(counts(withReply(threads, reply(9, 1, ann), ann.id)), [
    [1, 2, 0],
    [2, 1, 0]
  ])
  t.strictSame(counts(withReply([thread(1, 9)], reply(9, 1), ann.id)), [[1, 2, 0]])
  t.equal(withReply(threads, reply(9, 7), ann.id), UNKNOWN)
  t.strictSame(counts(withRead(once === UNKNOWN ? [] : once, 'message-2', 9)), [
    [2, 2, 0],
    [1, 1, 0]
  ])
  t.equal(withRead(once === UNKNOWN ? [] : once, 'message-2', 8), UNKNOWN)
  t.equal(withRead(threads, 'message-7', 8), threads)
  const edited = withRoot(threads, aMessage({ seq: 1, body: 'edited' }))
  t.match(edited[0]?.root, { body: 'edited', thread: { reply_count: 1 } })
})

t.test('highlights are code points, and marked where they are', async (t) => {
  const shown = (body: string, ...highlights: [number, number][]) =>
    highlight(
      body,
      highlights.map(([start, end]) => ({ start, end }))
    )
      .map(({ text, marked }) => (marked ? `[${text}]` : text))
      .join('')
  t.equal(shown('so good', [3, 7]), 'so [good]')
  t.equal(shown('🍵🍵 tea <b>', [3, 6]), '🍵🍵 [tea] <b>')
  t.equal(shown('abc', [1, 2], [0, 1]), '[a][b]c')
  t.equal(shown('abcdef', [0, 3], [2, 5]), '[abc][de]f', 'overlapping')
  t.equal(shown('abc', [1, 99], [50, 60]), 'a[bc]', 'beyond the end')
  t.equal(shown('abc'), 'abc')
  t.equal(shown('', [0, 4]), '')
  const long = shown(`${'a'.repeat(500)}tea${'b'.repeat(500)}`, [500, 503])
  t.match(long, /^… a{60}\[tea\]b{237} …$/)
  t.equal(shown('a'.repeat(500)).length, 302)
})

t.test('what is looked for is asked as the server takes it', async (t) => {
  t.equal(queryOf({ ...nothingWished, text: ' ' }, 'room', ann), undefined)
  t.strictSame(queryOf({ ...nothingWished, text: ' tea ' }, 'room', ann), {
    q: 'tea',
    conversation_id: 'room'
  })
  const everything = { text: 'tea', where: 'everywhere', sender: 'someone', someone: ben } as const
  const query = queryOf({ ...everything, from: '2026-03-01', to: '2026-03-31' }, 'room', ann)
  t.strictSame(query, {
    q: 'tea',
    sender_id: ben.id,
    after: new Date(2026, 2, 1).toISOString(),
    before: new Date(2026, 3, 1).toISOString()
  })
  t.match(queryOf({ ...nothingWished, text: 'tea', sender: 'me' }, 'room', ann), { sender_id: ann.id })
})

t.test('whoever searches too fast waits as long as they are told', async (t) => {
  const page = { items: [], next_cursor: null }
  let asked = 0
  const rest = () =>
    ++asked < 3
      ? Promise.reject(new RateLimitedError({ code: 'rate_limited', retry_after_ms: 1 }))
      : Promise.resolve(page)
  const client = { rest: rest as never }
  t.equal(await searchPage(client, { q: 'tea' }, new AbortController().signal), page)
  t.equal(asked, 3)
  asked = -1e9
  await t.rejects(searchPage(client, { q: 'tea' }, AbortSignal.timeout(20)), { name: 'TimeoutError' })
  await t.rejects(searchPage(client, { q: 'tea' }, AbortSignal.abort()), { name: 'AbortError' })
})
