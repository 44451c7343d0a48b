// `npm run chaos -- --seed 7 [--seeds 20] [--faults nats,kill-one] [--minutes 2] [--rate 100]`: the fault schedule of a seed on the real
// topology. Prints a table for people and, as the last line, the figures as JSON. The same seed makes the same schedule.
import { parseArgs } from 'node:util'
import { allFaults } from './faults/index.ts'
import { isRight, reportOf } from './report.ts'
import { type ChaosResult, runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    faults: { type: 'string', default: '' },
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '100' },
    list: { type: 'boolean', default: false }
  }
})

// The bootstrap's end is this run's end.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()

const wanted = values.faults.split(',').filter((name) => name !== '')
const faults = allFaults.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))
)
if (values.list) console.log(faults.map(({ name }) => name).join('\n'))
else process.exitCode = (await runAll()) ? 0 : 1

function progress(phase: string): void {
  process.stderr.write(`${Math.round(performance.now() / 1_000)} s: ${phase}\n`)
}

async function runAll(): Promise<boolean> {
  const first = Number(values.seed)
  const results: ChaosResult[] = []
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const length_ms = Number(values.minutes) * 60_000
    const result = await runChaos({ seed, faults, length_ms, rate: Number(values.rate), progress })
    console.error(reportOf(result))
    results.push(result)
  }
  const summary = results.map(({ seed, verdict, deaths, errors, planned, history }) => ({
    seed,
    ok: verdict.ok,
    violated: verdict.violated,
    ...verdict.figures,
    faults: planned.map(({ name }) => name),
    deaths,
    errors,
    history
  }))
  console.log(JSON.stringify(summary))
  return results.every(isRight)
}
