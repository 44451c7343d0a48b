import t from 'tap'
import { mediansOf, runScenario } from '../src/runner/run-scenario.ts'
import type { Contender, Scenario } from '../src/runner/scenario.ts'
import { renderSummary, renderTable, shorten } from '../src/runner/table.ts'

const quiet = { seconds: 1, rounds: 3, log: () => {} }

t.test('contenders take turns, round after round', async (t) => {
  const order: string[] = []
  const result = await runScenario(scenarioOf(recorder('Parley', order), recorder('peer', order)), quiet)
  t.strictSame(order, ['Parley', 'peer', 'Parley', 'peer', 'Parley', 'peer'])
  t.strictSame(result.contenders[0]?.medians, { rate: 2, time: 2 }, 'of the three')
})

t.test('a peer that is missing or fails costs nobody else', async (t) => {
  const failing = contenderOf('failing', () => Promise.reject(new Error('it fell over')))
  const missing = { ...recorder('missing', []), whyMissing: async () => 'not in this Debian' }
  const result = await runScenario(scenarioOf(recorder('Parley', []), failing, missing), quiet)
  const [own, failed, absent] = result.contenders
  t.equal(own?.rounds.length, 3)
  t.match(failed, { medians: {}, rounds: [{ refused: 'it fell over' }, {}, {}] })
  t.match(absent, { missing: 'not in this Debian', rounds: [] })
})

t.test('a figure that one round refused has no median', async (t) => {
  const rounds = [{ values: { a: 1, b: 1 } }, { values: { a: 3 }, refused: 'delivered 99 %' }]
  t.strictSame(mediansOf(rounds), { a: 2 })
})

t.test('the table says what is met, by how much it is missed, and what peers lack', async (t) => {
  const own = contenderOf('Parley', async () => ({ values: { rate: 900, time: 1 } }))
  const peer = contenderOf('peer', async () => ({ values: { rate: 100, time: 5 } }), 'stores nothing')
  const lossy = contenderOf('lossy', async () => ({ values: {}, refused: 'delivered 99.00 %' }))
  const scenario = scenarioOf(own, peer, lossy)
  const table = renderTable(scenario, await runScenario(scenario, quiet))
  const cells = table
    .split('\n')
    .filter((line) => line.startsWith('| ') || line.startsWith('|  '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  t.match(cells[1], ['', 'rate /s', '900', '≥ 1.0 k (5.0 k)', 'no, by 10 %'])
  t.match(cells[2], ['', '', '', '≥ 8x peer', 'yes', 'peer', '100', '9.0x'])
  t.match(cells[3], ['', 'time, ms', '1.00', '≤ 2.00', 'yes', 'peer', '5.00', '5.0x'])
  const summary = renderSummary([
    { scenario, result: await runScenario(scenario, quiet) },
    { scenario: { ...scenario, name: 'again' }, result: await runScenario(scenario, quiet) }
  ])
  t.match(summary, /\| test +\| rate \/s/)
  t.match(summary, /\| again +\| rate \/s/)
  t.equal(summary.split('- peer: stores nothing.').length, 2, 'what a peer lacks is said once')
  t.match(table, '- peer: stores nothing.')
  t.match(table, '- lossy, no figure: delivered 99.00 %.')
})

t.test('figures are short', async (t) => {
  t.strictSame([0.5, 12.34, 999, 2_500, 220_000, 5_500_000, Number.NaN].map(shorten), [
    '0.50',
    '12.3',
    '999',
    '2.5 k',
    '220 k',
    '5.5 M',
    '—'
  ])
})

function scenarioOf(...contenders: Contender[]): Scenario {
  return {
    name: 'test',
    about: 'A test.',
    metrics: [
      {
        key: 'rate',
        label: 'rate',
        unit: '/s',
        better: 'higher',
        target: 1_000,
        stretch: 5_000,
        ratio: { to: 'peer', least: 8 }
      },
      { key: 'time', label: 'time', unit: 'ms', better: 'lower', target: 2 }
    ],
    contenders
  }
}

function contenderOf(name: string, measure: Contender['measure'], lacks = ''): Contender {
  return { name, lacks, whyMissing: async () => undefined, measure }
}

/** Each round one more. */
function recorder(name: string, order: string[]): Contender {
  let round = 0
  return contenderOf(name, async () => {
    order.push(name)
    round++
    return { values: { rate: round, time: round } }
  })
}
