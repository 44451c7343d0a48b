import t from 'tap'
import { readInputs, withSizing } from '../sizing/page.ts'
import { sizingOf } from '../sizing/sizing.ts'
import { readText } from './kubernetes/manifests.ts'

const page = readText('docs/performance.md')

t.test('the sizing table is what its inputs give', async (t) => {
  t.equal(withSizing(page), page, 'node infra/sizing/main.ts writes it')
})

t.test('more connections need more of everything, and nothing fewer than two', async (t) => {
  const inputs = readInputs(page)
  const [small, large] = [sizingOf(inputs, 1_000), sizingOf(inputs, 100_000_000)]
  t.match(small, { gateways: 2, apis: 2, notifiers: 2 })
  for (const [key, value] of Object.entries(small)) t.ok(large[key as keyof typeof large] > value, key)
  t.equal(large.sends_per_second, (100_000_000 * inputs.sends_per_minute) / 60)
})

t.test('an input that is missing is named', async (t) => {
  const broken = page.replace('`delivery_us`', '`delivery`')
  t.throws(() => withSizing(broken), /no input delivery_us/)
})
