// `npm run bench -- [scenario …] [--rounds N] [--seconds S] [--only NAME,NAME] [--list]`: a table per scenario on standard output,
// progress on standard error. `--only` leaves out the contenders whose names hold none of these.
import { parseArgs } from 'node:util'
import { describeMachine } from './machine/machine.ts'
import { keepResults } from './runner/results.ts'
import { runScenario } from './runner/run-scenario.ts'
import type { Contender, Scenario } from './runner/scenario.ts'
import { renderTable } from './runner/table.ts'
import { scenarios } from './scenarios/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
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
  const rounds = positive(values.rounds)
  const seconds = positive(values.seconds)
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim()
  const machine = describeMachine()
  console.log(`${command}\n${JSON.stringify(machine)}\n`)
  const chosen =
    positionals.length === 0 ? scenarios : scenarios.filter(({ name }) => positionals.includes(name))
  for (const scenario of chosen.map(withContenders)) {
    const log = (line: string) => console.error(line)
    const result = await runScenario(scenario, { rounds, seconds, log })
    const file = await keepResults(command, machine, result)
    console.log(`${renderTable(scenario, result)}\n\nRaw: ${file}\n`)
  }
}

function withContenders(scenario: Scenario): Scenario {
  const parts = values.only.toLowerCase().split(',')
  const isChosen = ({ name }: Contender) => parts.some((part) => name.toLowerCase().includes(part))
  return { ...scenario, contenders: scenario.contenders.filter(isChosen) }
}

function positive(text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new RangeError(`${text} is no number above 0`)
}
