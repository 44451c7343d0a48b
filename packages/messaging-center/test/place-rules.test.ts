// What the shell goes by, without a page: places, names, lines and windows of the list, counts, lookups.
import { NetworkError, ParleyError } from '@parley/client'
import type { Conversation } from '@parley/contracts'
import t from 'tap'
import { createLookup } from '../src/app/lookup.ts'
import { formatRoute, parseRoute, placeOf, type Route, withPanel } from '../src/app/route.ts'
import { nameOf } from '../src/conversations/conversation-name.ts'
import { lastMessageText, plainLine } from '../src/conversations/last-message.ts'
import { scrollTo, windowOf } from '../src/conversations/list-window.ts'
import { shortTime } from '../src/conversations/short-time.ts'
import { countText, unreadTotal } from '../src/conversations/unread.ts'
import { hueOf, initialsOf } from '../src/design/initials.ts'
import { errorsOf, mistakesIn } from '../src/sign-in/form-errors.ts'
import { errorText } from '../src/strings/error-text.ts'
import { stringsFor } from '../src/strings/strings.ts'
import { laterTexts } from '../src/strings/texts.ts'
import { aMessage, person } from './fixtures/a-message.ts'

const strings = stringsFor(['en-GB'])
await laterTexts()
const conversation = (some: Partial<Conversation>): Conversation => ({
  id: 'room',
  kind: 'group',
  title: null,
  created_at: '2026-03-01T12:00:00.000Z',
  head: 1,
  role: 'member',
  read_seq: 0,
  unread_count: 0,
  last_message: null,
  member_count: 2,
  ...some
})

t.test('a place is its address, and what is no place is home', async (t) => {
  const places: Route[] = [
    { at: 'home' },
    { at: 'discover' },
    { at: 'settings' },
    { at: 'conversation', id: '0199-a' },
    { at: 'conversation', id: '0199-a', message: 12, thread: 'root', panel: 'members' }
  ]
  for (const place of places) t.strictSame(parseRoute(formatRoute(place)), place)
  for (const hash of ['', '#', '#/c/', '#/c/%', '#/c/a%2Fb', '#/nowhere'])
    t.same(parseRoute(hash), { at: 'home' })
  t.same(parseRoute('#/c/a?m=-1&p=nothing&t='), { at: 'conversation', id: 'a' })
  t.same(parseRoute('#/c/a?t=..'), { at: 'conversation', id: 'a' }, 'no other path of the API')
  const [, , , , full = { at: 'home' }] = places
  t.same(
    withPanel(full, 'pins'),
    { at: 'conversation', id: '0199-a', panel: 'pins' },
    'a reply is of its thread'
  )
  const read: Route = { at: 'conversation', id: '0199-a', message: 12 }
  t.same(withPanel({ ...read, panel: 'pins' }, undefined), read)
  t.equal(placeOf(full), '0199-a')
})

t.test('a conversation is called by its title, or by the other one', async (t) => {
  t.equal(nameOf(conversation({ title: 'Tea' }), strings), 'Tea')
  t.equal(nameOf(conversation({}), strings), 'Group without a name')
  t.equal(nameOf(conversation({ kind: 'direct', peer: person('Ben') }), strings), 'Ben')
  t.equal(nameOf(conversation({ kind: 'direct' }), strings), 'Direct message')
})

t.test('what was said last is one line without marks', async (t) => {
  const line = (some: Parameters<typeof aMessage>[0], of: Partial<Conversation> = {}) =>
    lastMessageText(conversation({ last_message: aMessage(some), ...of }), 'me', strings)
  t.equal(line({ body: '**Hello**\n\n> *you* ~~all~~\n- `there`' }), 'Ann: Hello you all there')
  t.equal(line({ sender: { ...person('Me'), id: 'me' } }), 'You: Hello')
  t.equal(line({}, { kind: 'direct' }), 'Hello')
  t.equal(line({ body: null, deleted_at: '2026-03-01T12:00:00.000Z' }), 'Ann: Message deleted')
  const file = { id: 'file', name: 'plan.pdf', type: 'application/pdf', size: 1 }
  t.equal(line({ body: '', attachments: [file] }), 'Ann: plan.pdf')
  t.equal(line({ body: '', attachments: [{ ...file, type: 'image/png' }] }), 'Ann: Picture')
  t.equal(line({ body: '', attachments: [file, file] }), 'Ann: 2 files')
  t.equal(lastMessageText(conversation({}), 'me', strings), 'Nothing said yet')
  t.equal(plainLine('3 * 4 = 12, 2*3'), '3 * 4 = 12, 2*3', 'not every star is a mark')
  t.equal(plainLine('x'.repeat(16_000)).length, 160)
})

t.test('of a long list what is near the window is drawn', async (t) => {
  const view = { height: 700, row: 70, count: 10_000 }
  t.same(windowOf({ ...view, top: 0 }), { from: 0, to: 16 })
  t.same(windowOf({ ...view, top: 7_000 }), { from: 94, to: 116 })
  t.same(windowOf({ ...view, top: 699_300 }), { from: 9_984, to: 10_000 })
  t.same(windowOf({ ...view, top: 699_300, count: 3 }), { from: 3, to: 3 }, 'it became shorter')
  t.same(windowOf({ ...view, top: 0, row: 0 }), { from: 0, to: 1 }, 'not measured yet')
  t.equal(scrollTo(0, { ...view, top: 0 }), undefined)
  t.equal(scrollTo(10, { ...view, top: 0 }), 70)
  t.equal(scrollTo(3, { ...view, top: 700 }), 210)
})

t.test('counts end where the server does, and what is muted counts no more', async (t) => {
  t.equal(countText(999, strings), '999')
  t.equal(countText(1_000, strings), '999+')
  const mute = { keep: 'nothing', until: null } as const
  t.equal(
    unreadTotal([
      { unread_count: 3 },
      { unread_count: 5, mention_count: 1, mute },
      { unread_count: 5, mention_count: 2, mute: { ...mute, keep: 'mentions' } }
    ]),
    5
  )
})

t.test('a time is as short as it is clear', async (t) => {
  const now = new Date()
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString()
  t.match(shortTime(before(0), strings, now), /^\d\d:\d\d$/)
  t.equal(shortTime(before(1), strings, now), 'Yesterday')
  t.match(shortTime(before(3), strings, now), /^\w{3}$/)
  t.match(shortTime(before(400), strings, now), /^\d\d\/\d\d\/\d{4}$/)
})

t.test('initials are whole letters of the first and the last word', async (t) => {
  t.equal(initialsOf('Ann Maria Weber'), 'AW')
  t.equal(initialsOf('ann'), 'A')
  t.equal(initialsOf('jean-luc'), 'JL')
  t.equal(initialsOf('👩‍👩‍👧 family'), '👩‍👩‍👧F')
  t.equal(initialsOf('…'), '')
  t.equal(hueOf('one'), hueOf('one'))
  t.not(hueOf('one'), hueOf('two'))
})

t.test('what is wrong with an account is said at its field', async (t) => {
  const filled = { username: 'ann', password: 'long enough' }
  t.same(mistakesIn(strings, true, filled).fields, {})
  t.hasOwnPropsOnly(mistakesIn(strings, true, { username: 'ann!', password: 'short' }).fields, [
    'username',
    'password'
  ])
  t.same(mistakesIn(strings, false, { username: 'ann!', password: 'short' }).fields, {}, 'who signs in knows')
  const refused = (pointer: string, reason: string) =>
    errorsOf(strings, new ParleyError({ code: 'validation_failed', errors: [{ pointer, reason }] }))
  t.match(refused('/password', 'is one of the most common passwords').fields.password, /common/)
  t.match(refused('/display_name', 'must match pattern').fields, { display_name: /name/ })
  t.match(refused('/else', 'is wrong'), { fields: {}, form: 'Something in it is not valid.' })
  t.match(errorsOf(strings, new ParleyError({ code: 'username_taken' })).fields, { username: /taken/ })
  t.match(
    errorsOf(strings, new ParleyError({ code: 'rate_limited', retry_after_ms: 3_400 })).form,
    /4 seconds/
  )
})

t.test('an error is told by its code, one without words with it', async (t) => {
  t.equal(errorText(strings, new NetworkError('')), 'Nothing answers. Check your connection.')
  t.equal(errorText(strings, new ParleyError({ code: 'brand_new' })), 'That did not work (brand_new).')
  t.match(errorText(strings, new TypeError('x')), /unknown/)
})

t.test('what several look up is asked for once, and again when it may be over', async (t) => {
  const asked: string[] = []
  const answers = new Map<string, PromiseWithResolvers<string>>()
  const lookup = createLookup<string>((id) => {
    asked.push(id)
    const answer = Promise.withResolvers<string>()
    answers.set(id, answer)
    return answer.promise
  })
  const [one, same] = [lookup.of('a'), lookup.of('a')]
  const offs = [one, same].map((store) => store.subscribe(() => undefined))
  t.strictSame(asked, ['a'])
  answers.get('a')?.resolve('A')
  await new Promise(setImmediate)
  t.equal(one.get(), 'A')
  lookup.put('a', 'B')
  t.equal(same.get(), 'B')
  lookup.renew()
  t.strictSame(asked, ['a', 'a'])
  answers.get('a')?.reject(new Error('not now'))
  await new Promise(setImmediate)
  t.equal(one.get(), 'B', 'what is known stays')
  for (const off of offs) off()
  const many = Array.from({ length: 8 }, (_, n) => lookup.of(String(n)).subscribe(() => undefined))
  t.equal(asked.length, 6, 'four at a time')
  for (const off of many) off()
  for (const answer of answers.values()) answer.resolve('late')
  await new Promise(setImmediate)
  t.equal(asked.length, 6, 'who has gone on wants nothing')
})
