import { type Inputs, inputNames, sizingOf } from './sizing.ts'

const CONNECTIONS = [10_000, 100_000, 1_000_000, 10_000_000]
const BEGIN = '<!-- sizing: made by node infra/sizing/main.ts -->'
const END = '<!-- sizing ends -->'

/** The page's `| \`name\` | value | …` rows. Throws where one is missing or no number. */
export function readInputs(page: string): Inputs {
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| ([\d.,]+) \|/gm)]
  const given = new Map(rows.map(([, name = '', value = '']) => [name, Number(value.replaceAll(',', ''))]))
  const entries = inputNames.map((name) => {
    const value = given.get(name)
    if (value === undefined || Number.isNaN(value)) throw new Error(`the page has no input ${name}`)
    return [name, value] as const
  })
  return Object.fromEntries(entries) as Inputs
}

/** The page with its sizing table computed anew from its inputs. */
export function withSizing(page: string): string {
  const [before, rest] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))]
  if (!page.includes(BEGIN) || !page.includes(END)) throw new Error('the page has no place for the table')
  return `${before}${BEGIN}\n${renderSizing(readInputs(page))}\n${rest}`
}

function renderSizing(inputs: Inputs): string {
  const sizings = CONNECTIONS.map((count) => sizingOf(inputs, count))
  const row = (label: string, of: (one: (typeof sizings)[number]) => string) =>
    `| ${label} | ${sizings.map(of).join(' | ')} |`
  return [
    `| connections | ${CONNECTIONS.map(short).join(' | ')} |`,
    `|---|${CONNECTIONS.map(() => '---').join('|')}|`,
    row('sends/s at the peak', (one) => short(one.sends_per_second)),
    row('deliveries/s', (one) => short(one.deliveries_per_second)),
    row('gateways, one core each', (one) => short(one.gateways)),
    row('memory for connections, all gateways', (one) => `${short(one.gateway_memory_gb)} GB`),
    row('apis, one core each', (one) => short(one.apis)),
    row('notifiers, one core each', (one) => short(one.notifiers)),
    row('NATS, three servers of', (one) => `${cores(one.nats_cores)}`),
    row('Postgres primary', (one) => `${cores(one.postgres_cores)}`),
    row('messages stored', (one) => `${short(one.gb_per_day)} GB/day`)
  ].join('\n')
}

function cores(needed: number): string {
  const whole = Math.max(1, Math.ceil(needed))
  return `${short(whole)} core${whole === 1 ? '' : 's'}`
}

function short(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toPrecision(2))} M`
  if (value >= 10_000) return `${Math.round(value / 1_000)} k`
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}
