// What is told of and how, without a browser.
import type { Conversation, Message } from '@parley/contracts'
import t from 'tap'
import { noticeOf } from '../src/notifications/notice.ts'
import { parseChoices } from '../src/notifications/notice-choices.ts'
import { pushTexts } from '../src/notifications/push-texts.ts'
import { tellsOf } from '../src/notifications/tells-of.ts'
import { aMessage, person } from './fixtures/a-message.ts'

const ben = person('Ben')
const room: Conversation = {
  id: 'room',
  kind: 'group',
  title: 'Tea',
  created_at: '2026-03-01T12:00:00.000Z',
  head: 1,
  role: 'member',
  read_seq: 0,
  unread_count: 0,
  last_message: null,
  member_count: 2
}

t.test('NTF-2 NTF-3 what the server would not push is not told of here', async (t) => {
  const tells = (
    message: Partial<Message>,
    conversation: Partial<Conversation> = {},
    blocked = [person('Cy')]
  ) => tellsOf(aMessage(message), { ...room, ...conversation }, ben, blocked)
  t.ok(tells({}))
  t.notOk(tells({ sender: ben }), 'my own')
  t.notOk(tells({ deleted_at: '2026-03-01T12:00:00.000Z', body: null }))
  t.notOk(tells({ seq: 3 }, { read_seq: 3 }), 'read elsewhere')
  t.notOk(tells({ sender: person('Cy') }), 'by someone I blocked')
  t.notOk(tells({}, { mute: { keep: 'nothing', until: null } }))
  t.notOk(tells({}, { mute: { keep: 'mentions', until: '2999-01-01T00:00:00.000Z' } }))
  t.ok(tells({ mentions: [ben.id] }, { mute: { keep: 'mentions', until: null } }))
  t.ok(tells({}, { mute: { keep: 'nothing', until: '2020-01-01T00:00:00.000Z' } }), 'no longer muted')
})

t.test('a notification says who and what, and where in a group', async (t) => {
  const texts = pushTexts('de-AT')
  const message = aMessage({ seq: 4, body: 'Tea at **five**,\n> or six?' })
  t.strictSame(noticeOf(message, room, texts), {
    tag: 'message-4',
    title: 'Ann · Tea',
    body: 'Tea at five, or six?',
    conversation_id: 'room',
    seq: 4,
    at: Date.parse('2026-03-01T12:00:00.000Z')
  })
  t.match(noticeOf(message, { ...room, kind: 'direct', title: null }, texts), { title: 'Ann' })
  t.match(noticeOf(aMessage({ body: null }), room, texts), { body: 'Hat eine Datei geschickt' })
  t.equal(pushTexts('xx').message, 'New message')
})

t.test('choices that are kept are read as far as they make sense', async (t) => {
  t.strictSame(parseChoices('{"sound":true,"push_of":"ben"}'), { sound: true, push_of: 'ben' })
  for (const text of [null, '', 'no', 'null', '{"sound":"yes","push_of":7}'])
    t.strictSame(parseChoices(text), { sound: false }, String(text))
})
