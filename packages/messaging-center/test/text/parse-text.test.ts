// The Markdown subset of docs/features.md: what is written and what is shown.
import fc from 'fast-check'
import t from 'tap'
import { isEmojiOnly } from '../../src/text/emoji-only.ts'
import { parseText, plainText } from '../../src/text/parse-text.ts'
import { type Block, type Inline, textOf } from '../../src/text/text-tree.ts'

const text = (...children: Inline[]): Block => ({ type: 'text', children })
const strong = (...children: Inline[]): Inline => ({ type: 'strong', children })
const emphasis = (...children: Inline[]): Inline => ({ type: 'emphasis', children })
const struck = (...children: Inline[]): Inline => ({ type: 'struck', children })
const code = (of: string): Inline => ({ type: 'code', text: of })
const link = (href: string): Inline => ({ type: 'link', href })
const mention = (name: string): Inline => ({ type: 'mention', name })

const inline: Record<string, Inline[]> = {
  '**a** *b* ~~c~~ `d`': [strong('a'), ' ', emphasis('b'), ' ', struck('c'), ' ', code('d')],
  '**a *b* c**': [strong('a ', emphasis('b'), ' c')],
  '***a***': [strong(emphasis('a'))],
  '***a* b**': [strong(emphasis('a'), ' b')],
  '**a *b***': [strong('a ', emphasis('b'))],
  '~~**a**~~': [struck(strong('a'))],
  '**a ~~b** c~~': [strong('a ~~b'), ' c~~'],
  '2*3*4 and 2 * 3 * 4': ['2*3*4 and 2 * 3 * 4'],
  '这是**重点**内容，*这*也是': ['这是', strong('重点'), '内容，', emphasis('这'), '也是'],
  '**not closed': ['**not closed'],
  'a ** b ** c': ['a ** b ** c'],
  '**a\n\nb**': ['**a\n\nb**'],
  '**a\nb**': [strong('a\nb')],
  '**** and ~ and ~~~~': ['**** and ~ and ~~~~'],
  '`**a**` ``b`c`` `': [code('**a**'), ' ', code('b`c'), ' `'],
  '# a <b>no</b> &amp; [a](https://x.org)': ['# a <b>no</b> &amp; [a](', link('https://x.org'), ')'],
  'see https://x.org/a_(b), and (http://y.org).': [
    'see ',
    link('https://x.org/a_(b)'),
    ', and (',
    link('http://y.org'),
    ').'
  ],
  '**https://x.org/**': [strong(link('https://x.org/'))],
  'javascript:alert(1) ftp://x.org data:a xhttps://x.org': [
    'javascript:alert(1) ftp://x.org data:a xhttps://x.org'
  ],
  'https://bank.example@evil.example/ https:// http://[': [
    'https://bank.example@evil.example/ https:// http://['
  ],
  'https://bank.example\u2800\u3164.evil.example/': [
    link('https://bank.example'),
    '\u2800\u3164.evil.example/'
  ],
  'https://x.org/\u202egpj.exe': [link('https://x.org/'), '\u202egpj.exe'],
  'HTTPS://X.ORG/Ä?q=1#h': [link('HTTPS://X.ORG/Ä?q=1#h')],
  '@ann, ask @Bob.B! `@eve` \\@no a@b.org https://x.org/@user': [
    mention('ann'),
    ', ask ',
    mention('Bob.B'),
    '! ',
    code('@eve'),
    ' \\@no a@b.org ',
    link('https://x.org/@user')
  ],
  '**@ann**': [strong(mention('ann'))]
}
t.test('in a line', async (t) => {
  for (const [body, children] of Object.entries(inline))
    t.strictSame(parseText(body), [text(...children)], body)
})

t.test('blocks', async (t) => {
  t.strictSame(parseText('a\n```ts\nlet b = `c`\n> d\n```\ne'), [
    text('a'),
    { type: 'code', text: 'let b = `c`\n> d' },
    text('e')
  ])
  t.strictSame(parseText('~~~\n```\n~~~'), [{ type: 'code', text: '```' }])
  t.strictSame(parseText('```\nnever closed'), [{ type: 'code', text: 'never closed' }])
  t.strictSame(parseText('> a **b**\n> > c\n>\n> - d\ne'), [
    {
      type: 'quote',
      children: [
        text('a ', strong('b')),
        { type: 'quote', children: [text('c')] },
        text(),
        { type: 'list', numbered: false, items: [{ children: ['d'] }] }
      ]
    },
    text('e')
  ])
  t.strictSame(parseText('- a\n- *b*\n1. c\n7. d\n- '), [
    { type: 'list', numbered: false, items: [{ children: ['a'] }, { children: [emphasis('b')] }] },
    {
      type: 'list',
      numbered: true,
      items: [
        { number: 1, children: ['c'] },
        { number: 7, children: ['d'] }
      ]
    },
    text('- ')
  ])
  t.strictSame(parseText('>a\n# b\n| c |\n-d'), [text('>a\n# b\n| c |\n-d')])
})

t.test('in one line, without marks', async (t) => {
  t.equal(plainText('> **a**\n\n```\nb\n```\n- c @ann'), 'a b c @ann')
})

t.test('a few emoji alone', async (t) => {
  for (const body of ['👍', '👩‍👩‍👧‍👦 🏳️‍🌈', '👍🏽🎉\n❤️']) t.ok(isEmojiOnly(body), body)
  for (const body of ['', ' ', '1', '#', 'a👍', '👍'.repeat(7), '©']) t.notOk(isEmojiOnly(body), body)
})

/** Pieces that mean something next to each other. */
const hostile = fc
  .array(
    fc.constantFrom(
      '*',
      '**',
      '***',
      '~~',
      '~',
      '`',
      '``',
      '```',
      '\n',
      '\n\n',
      '> ',
      '- ',
      '1. ',
      ' ',
      'a',
      'b',
      '2',
      '@',
      '@ann',
      'https://',
      'http://x.org',
      'javascript:',
      '(',
      ')',
      '.',
      '<b>',
      '\\',
      '\u202e',
      '字',
      '👍',
      '~~~\n',
      '```\n'
    ),
    { maxLength: 60 }
  )
  .map((pieces) => pieces.join(''))
const bodies = fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 200 }))

t.test('nothing is lost but marks, nothing is added, nothing changes places', async (t) => {
  fc.assert(
    fc.property(bodies, (body) => {
      const shown = textOf(parseText(body))
      let at = 0
      let dropped = ''
      for (const sign of shown) {
        const next = body.indexOf(sign, at)
        if (next < 0) return false
        dropped += body.slice(at, next)
        at = next + sign.length
      }
      dropped += body.slice(at)
      // Of the line that opens a block of code its language is not shown either.
      return body.includes('```') || body.includes('~~~') || /^[*~`>\-\d. \n]*$/.test(dropped)
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})

t.test('what has no marks is shown as it is', async (t) => {
  const plain = fc
    .string({ unit: 'grapheme', maxLength: 200 })
    .filter((body) => !/[*~`>@]|^-|^\d|\n[-\d]/.test(body))
  fc.assert(fc.property(plain, (body) => textOf(parseText(body)) === body))
  t.pass()
})

t.test('no scheme but http and https, whatever is written', async (t) => {
  const addresses = (nodes: readonly Inline[]): string[] =>
    nodes.flatMap((node) => {
      if (typeof node === 'string') return []
      if (node.type === 'link') return [node.href]
      return 'children' in node ? addresses(node.children) : []
    })
  const all = (blocks: readonly Block[]): string[] =>
    blocks.flatMap((block) => {
      if (block.type === 'text') return addresses(block.children)
      if (block.type === 'quote') return all(block.children)
      return block.type === 'list' ? block.items.flatMap(({ children }) => addresses(children)) : []
    })
  const written = fc.oneof(
    bodies,
    fc.webUrl(),
    fc.tuple(bodies, fc.webUrl(), bodies).map((parts) => parts.join(''))
  )
  fc.assert(
    fc.property(written, (body) =>
      all(parseText(body)).every((href) => /^https?:$/.test(new URL(href).protocol) && body.includes(href))
    ),
    { numRuns: 500 }
  )
  t.pass()
})

t.test('the longest body takes no longer than its length, whatever it is made of', async (t) => {
  const pieces = [
    '*',
    '* ',
    ' *a',
    '**a ',
    '*a **b ~~c ',
    '`',
    '`` ` ',
    '~~',
    '> ',
    '> > > > > ',
    '- ',
    '\n',
    '```\n',
    '@',
    '@a',
    '@a.',
    'http://',
    'http://a@',
    'http://(',
    'https://a) ',
    '['
  ] // prettier-ignore
  for (const piece of pieces) {
    const body = piece.repeat(16_000 / piece.length)
    const begin = performance.now()
    parseText(body)
    const ms = performance.now() - begin
    t.ok(ms < 250, `${JSON.stringify(piece)}: ${ms.toFixed(0)} ms`)
  }
  const runs = Array.from({ length: 178 }, (_, n) => '`'.repeat(n + 1)).join(' ')
  const begin = performance.now()
  parseText(runs)
  t.ok(performance.now() - begin < 250, 'as many different runs of backticks as there is room for')
})
