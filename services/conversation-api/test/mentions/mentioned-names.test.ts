import { limits } from '@parley/contracts'
import t from 'tap'
import { mentionedNames } from '../../src/mentions/mentioned-names.ts'

t.test('MEN-2 what is a mention, and what is not', async (t) => {
  const cases: [text: string, names: string[]][] = [
    ['@ann', ['ann']],
    ['(@ann) **@bob** "@c", @d.', ['ann', 'bob', 'c', 'd']],
    ["@bob's @BOB @ann-marie @ann_", ['bob', 'ann-marie', 'ann']],
    ['> @ann\n- @bob', ['ann', 'bob']],
    ['ann@example.org x.y@ann.example', []],
    ['@ann@example.org @@ann hi@ann é@ann _@ann', []],
    ['https://example.org/@ann /@ann \\@ann', []],
    ['@annë @ @- @.a', []],
    ['ask `@bob` or ``@c ` @d`` then @ann', ['ann']],
    ['a lone ` before @ann', ['ann']],
    ['`over two\nlines @bob` @ann', ['ann']],
    ['` a paragraph @ann\n\nends @bob `', ['ann', 'bob']],
    ['```\n@bob\n```\n@ann', ['ann']],
    ['```js\n@bob', []],
    ['~~~\n@bob\n```\n@c\n~~~~\n@ann', ['ann']],
    ['```@bob``` is no block, @ann', ['ann']],
    [`@${'a'.repeat(limits.username_length + 1)}`, []]
  ]
  for (const [text, names] of cases) t.strictSame(mentionedNames(text), names, JSON.stringify(text))
  const many = Array.from({ length: limits.mentions_per_message + 5 }, (_, n) => `@u${n}`)
  t.equal(mentionedNames(many.join(' ')).length, limits.mentions_per_message)
})

t.test('no text takes long', async (t) => {
  const texts = [
    `@${'a'.repeat(15_990)}é`,
    '@a'.repeat(8_000),
    '@a-'.repeat(5_000),
    `@${'` '.repeat(7_000)}`,
    `@${'`` ` '.repeat(3_000)}`,
    Array.from({ length: 170 }, (_, n) => `${'`'.repeat(n + 1)}@`).join(' '),
    `@${'\n```'.repeat(3_900)}`,
    `@${'\n \t'.repeat(5_000)}`
  ]
  for (const text of texts) {
    const begin = process.cpuUsage()
    mentionedNames(text)
    const { user, system } = process.cpuUsage(begin)
    t.ok((user + system) / 1_000 < 200, `${text.slice(0, 8)}: ${user / 1_000} ms`)
  }
})
