// `npm run bench -- [scenario …] [--quick] [--rounds N] [--seconds S] [--minutes M] [--only NAME,NAME] [--list]`: a table per scenario
// and one of them all on standard output, progress on standard error. `--only` leaves out the contenders whose names hold none of
// these. The run ends within `--minutes`: what has no time left is said to be left out.
import { parseArgs } from 'node:util'
import { describeMachine } from './machine/machine.ts'
import { measureApart } from './runner/measure-apart.ts'
import { keepResults } from './runner/results.ts'
import { runScenario } from './runner/run-scenario.ts'
import type { Contender, Scenario } from './runner/scenario.ts'
import { renderSummary, renderTable, type ScenarioTable } from './runner/table.ts'
import { scenarios } from './scenarios/index.ts'

/** A measurement may take this long and forty of its seconds; with less than the least left none is begun. */
const LIMIT_MS = 120_000
const LEAST_MS = 20_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false }
  }
})

// The bootstrap's end is this run's end.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()

const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name))
if (values.list || unknown.length > 0) {
  for (const name of unknown) console.error(`there is no scenario ${name}`)
  for (const { name, about } of scenarios) console.log(`${name.padEnd(24)} ${about}`)
  process.exitCode = unknown.length > 0 ? 1 : 0
} else {
  await runAll()
}

async function runAll(): Promise<void> {
  const { rounds, seconds, minutes } = extent()
  const ends = performance.now() + minutes * 60_000
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim()
  const machine = await describeMachine()
  console.log(`${command}\n${JSON.stringify(machine)}`)
  console.log(`${rounds} rounds of ${seconds} s each; ends within ${minutes} minutes\n`)
  const chosen =
    positionals.length === 0 ? scenarios : scenarios.filter(({ name }) => positionals.includes(name))
  const tables: ScenarioTable[] = []
  for (const scenario of chosen.map((one) => withContenders(one, ends))) {
    const log = (line: string) => console.error(line)
    const result = await runScenario(scenario, { rounds, seconds, log })
    const file = await keepResults(command, machine, result)
    tables.push({ scenario, result })
    console.log(`${renderTable(scenario, result)}\n\nRaw: ${file}\n`)
  }
  if (tables.length > 1) console.log(renderSummary(tables))
}

/** `--quick` is for seeing that everything runs, not for figures. */
function extent(): { rounds: number; seconds: number; minutes: number } {
  const usual = values.quick
    ? { rounds: '1', seconds: '2', minutes: '40' }
    : { rounds: '3', seconds: '10', minutes: '180' }
  return {
    rounds: positive(values.rounds ?? usual.rounds),
    seconds: positive(values.seconds ?? usual.seconds),
    minutes: positive(values.minutes ?? usual.minutes)
  }
}

/** Each contender measured apart and not beyond the end; who was not asked for is missing, so that columns stay whose they are. */
function withContenders(scenario: Scenario, ends: number): Scenario {
  const parts = values.only.toLowerCase().split(',')
  const contenders = scenario.contenders.map((contender): Contender => {
    const { name, whyMissing } = contender
    const isChosen = parts.some((part) => name.toLowerCase().includes(part))
    return {
      ...contender,
      whyMissing: isChosen ? whyMissing : async () => 'not asked for',
      measure: (options) => {
        const left = ends - performance.now()
        if (left < LEAST_MS) return Promise.reject(new Error('left out, the time was up'))
        const order = { scenario: scenario.name, contender: name }
        return measureApart(order, options, Math.min(left, LIMIT_MS + 40_000 * options.seconds))
      }
    }
  })
  return { ...scenario, contenders }
}

function positive(text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new RangeError(`${text} is no number above 0`)
}
