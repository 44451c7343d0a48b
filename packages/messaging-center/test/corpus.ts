/** Where everything that should not be asked for would be asked for. */
const ELSEWHERE = 'elsewhere.example'

/** What one has said, and how it is read: as it was said where `shown` is missing. `links` are the addresses that it leads to. */
export interface Said {
  body: string
  shown?: string
  links?: readonly string[]
}

const zalgo = `Z${'\u0300\u0316\u0334\u0489'.repeat(15)}algo`
const flags = '🏳️‍🌈🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪🇺🇳'
const emoji = `👩‍👩‍👧‍👦👩🏽‍❤️‍💋‍👨🏿👍🏿1️⃣#️⃣${flags}`

/** Text in one line, short enough to be anybody's name. What shows nothing is refused as a name, and is among the bodies. */
export const names: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '<parley-messaging></parley-messaging>',
  '</h1></title><plaintext>&lt;&#x62;&gt;',
  'javascript:alert(1)//',
  `https://${ELSEWHERE}/`,
  '{name} {n} {text} {title} {{1+1}} ${alert(1)}',
  "$& $1 $` $' $$ \\1 %s",
  '__proto__',
  'constructor',
  '\u202egnp.exe',
  '\u2069\u2069\u202e\u2066 \u2067never ends',
  'שלום, <b>עולם</b> (1)',
  'مرحبا! 123 abc',
  zalgo,
  emoji,
  `a\u200b\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164\u2800\u{e0001}b`,
  'W'.repeat(100),
  '\ufdfa'.repeat(100),
  '};p{display:none}</style>',
  `;background:url(//${ELSEWHERE}/x)`
]

/** Text in one line. */
export const titles: readonly string[] = [
  ...names,
  `<iframe srcdoc="<script>parent.alert(1)</script>"></iframe><object data="javascript:alert(1)"></object>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
  'M'.repeat(200),
  `${'\u202e'.repeat(199)}x`
]

/** Text of several lines. */
export const descriptions: readonly string[] = [
  ...titles,
  `<base href=//${ELSEWHERE}/>\n<link rel=stylesheet href=//${ELSEWHERE}/x.css>\n<meta http-equiv=refresh content="0;url=//${ELSEWHERE}/">`,
  'i'.repeat(2_000)
]

const asItIs = (bodies: readonly string[]): Said[] => bodies.map((body) => ({ body }))
const elsewhere = `https://${ELSEWHERE}/`

/** What could lead away. */
const links: readonly Said[] = [
  ...asItIs([
    'JaVaScRiPt:alert(1) java\tscript:alert(1) javascript&colon;alert(1)',
    'data:text/html,<script>alert(1)</script> vbscript:msgbox(1) file:///etc/passwd',
    `//${ELSEWHERE}/ ftp://${ELSEWHERE}/ mailto:a@${ELSEWHERE} [press](javascript:alert(1))`,
    `https://bank.example@${ELSEWHERE}/ https://bank.example:x@${ELSEWHERE}/`,
    `https://%00/ https://${ELSEWHERE}:99999/ http://[ https://`
  ]),
  { body: `[bank](${elsewhere})`, links: [elsewhere] },
  { body: `<a href="${elsewhere}">https://bank.example</a>`, links: [elsewhere, 'https://bank.example'] },
  { body: `${elsewhere}"onmouseover="alert(1)`, links: [elsewhere] },
  { body: `${elsewhere}'><img/src=x onerror=alert(1)>`, links: [elsewhere] },
  { body: `${elsewhere}\u202egpj.exe`, links: [elsewhere] },
  { body: `https://bank.example\u2800\u3164.${ELSEWHERE}/`, links: ['https://bank.example'] },
  { body: `https://bank.example\u200b.${ELSEWHERE}/`, links: ['https://bank.example'] },
  { body: 'https://раура1.example/', links: ['https://раура1.example/'] },
  { body: 'http://[::1]:8080/?a=<b>', links: ['http://[::1]:8080/?a='] },
  { body: `blob:${elsewhere}1 view-source:${elsewhere}`, links: [`${elsewhere}1`, elsewhere] },
  {
    body: `**${elsewhere}** ~~${elsewhere}~~`,
    shown: `${elsewhere} ${elsewhere}`,
    links: [elsewhere, elsewhere]
  },
  { body: elsewhere + 'a'.repeat(3_000), links: [elsewhere + 'a'.repeat(3_000)] }
]

/** What takes long, or gets deep, where it is done badly. */
const bombs: readonly Said[] = [
  ...asItIs([
    'W'.repeat(16_000),
    '**'.repeat(8_000),
    '*a '.repeat(5_000),
    '~~ ** * '.repeat(1_700).trimEnd(),
    '[]('.repeat(5_000),
    '@'.repeat(16_000),
    '1'.repeat(16_000)
  ]),
  { body: `http://${'('.repeat(15_000)}`, links: [`http://${'('.repeat(15_000)}`] },
  { body: '`a'.repeat(8_000), shown: 'a'.repeat(8_000) },
  { body: `${'> '.repeat(7_999)}x`, shown: `${'> '.repeat(7_995)}x` },
  { body: '- a\n'.repeat(1_000).trimEnd(), shown: 'a'.repeat(1_000) },
  { body: '999999999. a\n1. b', shown: 'ab' },
  { body: `\`\`\`\n${'</code>'.repeat(100)}`, shown: '</code>'.repeat(100) },
  { body: `http://x.example/ `.repeat(200), links: Array.from({ length: 200 }, () => 'http://x.example/') }
]

/** Everything that can be said in a message. */
export const bodies: readonly Said[] = [
  ...titles.map((body) => (body === elsewhere ? { body, links: [elsewhere] } : { body })),
  ...asItIs([
    `</p></article></main></template><!-- ]]> <![CDATA[ <plaintext>`,
    `<form action=//${ELSEWHERE}/><button formaction=javascript:alert(1)>press</button>`,
    '\u0001\u0008\u001b[31mred\u007f\u0085\u2028\u2029\ufffe\uffff\u{10ffff}',
    '\u202a\u202b\u202d\u202e\u2066\u2067\u2068 never ended\nnext line',
    '\u200b',
    '\u202e'.repeat(200),
    'one line\r\nand another\rand a third\u000b\u000c',
    'toString hasOwnProperty valueOf prototype __defineGetter__ then',
    zalgo.repeat(40)
  ]),
  ...links,
  ...bombs
]
