// What writing goes by, without a page: drafts, mentions, marks, limits, files.
import { readFile } from 'node:fs/promises'
import { limits } from '@parley/contracts'
import t from 'tap'
import { beginDrafts, clearDrafts, readDraft, writeDraft } from '../src/composer/drafts.ts'
import { fileName, uploadable } from '../src/composer/file-types.ts'
import { format, type Format } from '../src/composer/formatting.ts'
import * as own from '../src/composer/limits.ts'
import { mentioned } from '../src/composer/mentioned.ts'
import { mentionAt, mentionChange } from '../src/composer/mentions.ts'
import { typingNotice } from '../src/composer/typing-notice.ts'
import { allEmoji, emojiName, findEmoji } from '../src/emoji/emoji-search.ts'
import { quickEmoji, recentEmoji, rememberEmoji } from '../src/emoji/recent-emoji.ts'
import { ariaKeys, keyNames, type Press, pressedShortcut, shortcuts } from '../src/shortcuts/shortcuts.ts'
import { fileSize } from '../src/strings/file-size.ts'
import { loadStrings, stringsFor } from '../src/strings/strings.ts'
import { laterTexts } from '../src/strings/texts.ts'
import { person } from './fixtures/a-message.ts'

class MemoryStorage extends Map<string, string> {
  getItem = (key: string) => this.get(key) ?? null
  setItem = (key: string, value: string) => void this.set(key, value)
  removeItem = (key: string) => void this.delete(key)
  key = (n: number) => [...this.keys()][n] ?? null
  get length() {
    return this.size
  }
}

t.test('the numbers are those of the contracts', async (t) => {
  t.equal(own.BODY_LENGTH, limits.body_length)
  t.equal(own.FILE_NAME_LENGTH, limits.file_name_length)
  t.equal(own.ATTACHMENTS_PER_MESSAGE, limits.attachments_per_message)
  t.equal(own.ATTACHMENTS_UNSENT_MS, limits.attachments_unsent_ms)
  t.equal(own.TYPING_MS, limits.typing_ms)
  t.equal(own.TYPING_PER_SECOND, limits.typing_per_second)
})

t.test('room is told when there is little, in code points', async (t) => {
  t.equal(own.roomLeft('a'.repeat(15_000)), undefined)
  t.equal(own.roomLeft('a'.repeat(15_990)), 10)
  t.equal(own.roomLeft('a'.repeat(16_001)), -1)
  t.equal(own.roomLeft('🍵'.repeat(8_000)), undefined, 'sixteen thousand code units are half of it')
  t.equal(own.roomLeft('🍵'.repeat(15_999)), 1)
})

t.test(
  'drafts are kept by user, conversation and thread, and go when they are empty or their user does',
  async (t) => {
    const storage = new MemoryStorage()
    const here = { user_id: 'ann', conversation_id: 'room' }
    const there = { ...here, thread_id: 'root' }
    const bens = { ...here, user_id: 'ben' }
    writeDraft(here, { body: 'Hel', reply_to_id: 'm' }, storage)
    writeDraft(there, { body: 'lo' }, storage)
    writeDraft(bens, { body: 'mine' }, storage)
    t.strictSame(
      [...storage.keys()],
      ['parley.draft.ann.room', 'parley.draft.ann.room.root', 'parley.draft.ben.room']
    )
    t.strictSame(readDraft(here, storage), { body: 'Hel', reply_to_id: 'm' })
    writeDraft(there, { body: ' \n' }, storage)
    t.equal(readDraft(there, storage), undefined)
    storage.setItem('parley.draft.ann.other', '{"no": "draft"}')
    storage.setItem('parley.draft.ann.broken', '{')
    t.equal(readDraft({ user_id: 'ann', conversation_id: 'other' }, storage), undefined)
    t.equal(readDraft({ user_id: 'ann', conversation_id: 'broken' }, storage), undefined)
    clearDrafts('ann', storage)
    writeDraft(here, { body: 'behind them' }, storage)
    t.strictSame([...storage.keys()], ['parley.draft.ben.room'])
    beginDrafts('ann')
    writeDraft(here, { body: 'back' }, storage)
    t.strictSame(readDraft(here, storage), { body: 'back' })
  }
)

t.test('a name is being typed after an @ that begins a word', async (t) => {
  t.strictSame(mentionAt('ask @an', 7), { start: 4, end: 7, name: 'an' })
  t.strictSame(mentionAt('@', 1), { start: 0, end: 1, name: '' })
  t.strictSame(mentionAt('ask @ann and more', 6), { start: 4, end: 6, name: 'a' }, 'up to the caret')
  t.strictSame(mentionAt('(@jürgen', 8)?.name, 'jürgen')
  for (const none of ['ann@exam', 'https://x.org/@an', '\\@an', '@an ', 'an'])
    t.equal(mentionAt(none, none.length), undefined, none)
})

t.test('members are found by either name, the likeliest first', async (t) => {
  const names = (some: string) => mentioned(users, some).map(({ username }) => username)
  const users = [
    { ...person('Zoe'), display_name: 'Annika Zoe' },
    person('Ben'),
    { ...person('annette'), display_name: 'Netty' },
    { ...person('x1'), display_name: 'Jo Ånn' }
  ]
  t.strictSame(names('ann'), ['annette', 'zoe', 'x1'])
  t.strictSame(names('BEN'), ['ben'])
  t.strictSame(names('q'), [])
  t.equal(names('').length, 4)
  t.strictSame(mentionChange('ask @an now', { start: 4, end: 7, name: 'an' }, person('Ann')), {
    from: 4,
    to: 7,
    insert: '@ann',
    select: { start: 9, end: 9 }
  })
  t.equal(mentionChange('@an', { start: 0, end: 3, name: 'an' }, person('Ann')).insert, '@ann ')
})

t.test('marks go around what is selected, and off again', async (t) => {
  const apply = (marked: string, as: Format) => {
    const [before = '', selected = '', after = ''] = marked.split('|')
    const text = before + selected + after
    const start = before.length
    const { from, to, insert, select } = format(text, { start, end: start + selected.length }, as)
    const done = text.slice(0, from) + insert + text.slice(to)
    return `${done.slice(0, select.start)}|${done.slice(select.start, select.end)}|${done.slice(select.end)}`
  }
  t.equal(apply('so |good|', 'strong'), 'so **|good|**')
  t.equal(apply('so **|good|**', 'strong'), 'so |good|')
  t.equal(apply('**|good|**', 'emphasis'), '***|good|***')
  t.equal(apply('***|good|***', 'emphasis'), '**|good|**')
  t.equal(apply('*|good|*', 'strong'), '***|good|***')
  t.equal(apply('||', 'code'), '`||`')
  t.equal(apply('`|x|`', 'code'), '|x|')
  t.equal(apply('see |a\nb| there', 'code'), 'see \n```\n|a\nb|\n```\n there')
})

t.test('files have names and types that are taken', async (t) => {
  t.equal(fileName('a/b\\c\u0000.txt'), 'a_b_c_.txt')
  t.equal(fileName(' '), 'file')
  const long = fileName(`${'🍵'.repeat(300)}.jpeg`)
  t.equal(Array.from(long).length, 200)
  t.ok(long.endsWith('🍵.jpeg'))
  const typeOf = (type: string) => uploadable(new File(['x'], 'x', { type })).type
  t.equal(typeOf('application/x-zip-compressed'), 'application/zip')
  t.equal(typeOf('application/x-msdownload'), 'application/octet-stream')
  t.equal(typeOf(''), 'application/octet-stream')
  for (const type of ['image/svg+xml', 'text/html', 'image/png', 'application/pdf'])
    t.equal(typeOf(type), type)
  const strings = stringsFor(['en'])
  t.strictSame(
    [1, 70, 1_500, 26_214_400].map((bytes) => fileSize(bytes, strings)),
    ['1 byte', '70 bytes', '1.5 kB', '26.2 MB']
  )
})

t.test(
  'that somebody writes is said at once, again in time, and not more often than once a second',
  async (t) => {
    const said: string[] = []
    let now = 0
    t.intercept(performance, 'now', { value: () => now })
    const notice = typingNotice((on) => said.push(`${now} ${on}`))
    notice.typed()
    now = 500
    notice.typed()
    t.strictSame(said, ['0 true'])
    now = 3_000
    notice.typed()
    t.strictSame(said, ['0 true', '3000 true'])
    now = 4_500
    notice.stopped()
    notice.stopped()
    t.strictSame(said.at(-1), '4500 false')
    t.equal(said.length, 3)
  }
)

t.test('an emoji is found by its names in both languages', async (t) => {
  const found = (typed: string) => findEmoji(typed).map(({ emoji }) => emoji)
  t.ok(found('birthday cake').includes('🎂'))
  t.ok(found('Geburtstagskuchen').includes('🎂'))
  t.equal(found('fire')[0], '🔥')
  t.ok(found('Glucklich').length > 0, 'accents make no difference')
  t.strictSame(found('qqqq'), [])
  t.equal(findEmoji('  '), allEmoji)
  const cake = findEmoji('birthday cake')[0]
  t.ok(cake)
  if (cake) t.not(emojiName(cake, 'de-AT'), emojiName(cake, 'en'))
  t.equal(new Set(allEmoji.map(({ emoji }) => emoji)).size, allEmoji.length, 'each is there once')
})

t.test('the emoji used last come first', async (t) => {
  const storage = new MemoryStorage()
  t.strictSame(quickEmoji('ann', storage).length, 5)
  rememberEmoji('ann', '🍵', storage)
  rememberEmoji('ann', '🎂', storage)
  rememberEmoji('ann', '🍵', storage)
  t.strictSame(recentEmoji('ann', storage), ['🍵', '🎂'])
  t.strictSame(quickEmoji('ann', storage).slice(0, 3), ['🍵', '🎂', '👍'])
  t.strictSame(recentEmoji('ben', storage), [])
})

t.test('a shortcut is what is pressed, where it means something', async (t) => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const press = (key: string, some: Partial<Press> = {}): Press => ({ ...none, key, ...some })
  const ctrl = { ctrlKey: true }
  t.equal(pressedShortcut(press('r'), 'message', false), 'reply')
  t.equal(pressedShortcut(press('R', { shiftKey: true }), 'message', false), undefined)
  t.equal(pressedShortcut(press('r', ctrl), 'message', false), undefined, 'reloads')
  t.equal(pressedShortcut(press('+', { shiftKey: true }), 'message', false), 'react', 'wherever + is')
  t.equal(pressedShortcut(press('r'), 'composer', false), undefined)
  t.equal(pressedShortcut(press('b', ctrl), 'composer', false), 'strong')
  t.equal(pressedShortcut(press('b', ctrl), 'composer', true), undefined)
  t.equal(pressedShortcut(press('b', { metaKey: true }), 'composer', true), 'strong')
  t.equal(pressedShortcut(press('Enter', { shiftKey: true }), 'composer', false), 'lineBreak')
  const places = shortcuts.flatMap(({ place, keys }) => keys.map((one) => `${place} ${one}`))
  t.equal(new Set(places).size, places.length, 'none means two things')
  const { t: de } = await loadStrings(['de'])
  await laterTexts()
  t.strictSame(keyNames('Mod+Shift+f', de, false), ['Strg', 'Umschalt', 'F'])
  t.strictSame(keyNames('Mod+Shift+f', de, true), ['⌘', '⇧', 'F'])
  t.strictSame(keyNames('+', de, false), ['+'])
  t.equal(ariaKeys('strong', false), 'Control+b')
})

t.test('the page for users has all shortcuts', async (t) => {
  const page = await readFile(new URL('../../../docs/messaging-center.md', import.meta.url), 'utf8')
  const { t: text } = stringsFor(['en'])
  const rows = shortcuts.map(({ place, keys, text: what }) => {
    const names = keys.map((one) => `\`${keyNames(one, text, false).join(' ')}\``).join(' or ')
    return `| ${text(`shortcuts.${place}`)} | ${names} | ${text(what)} |`
  })
  const table = page.split('\n').filter((line) => /^\| (?:Everywhere|On a message|While writing) /.test(line))
  t.strictSame(table, rows)
})
