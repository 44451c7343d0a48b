// `npm run chaos -- --seed 7 [--seeds 20] [--faults nats,kill-one] [--minutes 2] [--rate 100]`: the fault schedule of a seed on the real
// topology. Prints on stderr how far it is, a report of each seed and a summary of all as Markdown; on stdout the figures as JSON. The
// same seed makes the same schedule. A seed that comes to no end is given up, and the next is begun.
import { parseArgs } from 'node:util'
import { possibleFaults } from './faults/fault.ts'
import { allFaults } from './faults/index.ts'
import { isRight, reportOf } from './report.ts'
import { runChaos } from './run-chaos.ts'
import { isBrokenOff, type SeedResult, summaryOf, totalsOf } from './summary.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    faults: { type: 'string', default: '' },
    minutes: { type: 'string', default: '2' },
    rate: { type: 'string', default: '100' },
    people: { type: 'string', default: '12' },
    rooms: { type: 'string', default: '6' },
    list: { type: 'boolean', default: false }
  }
})

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143]
] as const)
  process.once(signal, () => process.exit(code))
// The bootstrap's end is this run's end.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()

const wanted = values.faults.split(',').filter((name) => name !== '')
const faults = await possibleFaults(
  allFaults.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))),
  ({ name, needs }) => console.error(`left out: ${name}, which needs ${needs}`)
)
if (values.list) console.log(faults.map(({ name }) => name).join('\n'))
// Not left to the event loop: what a run that was given up still holds must not keep this process.
else process.exit((await runAll()) ? 0 : 1)

async function runAll(): Promise<boolean> {
  const first = Number(values.seed)
  const results: SeedResult[] = []
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    results.push(await runSeed(seed))
    console.error(`so far ${totalsOf(results)}\n`)
  }
  console.log(JSON.stringify(results.map(figuresOf)))
  console.error(`\n${summaryOf(results)}`)
  return results.every((result) => !isBrokenOff(result) && isRight(result))
}

async function runSeed(seed: number): Promise<SeedResult> {
  try {
    const result = await runChaos({
      seed,
      faults,
      length_ms: Number(values.minutes) * 60_000,
      rate: Number(values.rate),
      people: Number(values.people),
      rooms: Number(values.rooms),
      progress: (line) => console.error(`seed ${seed}  ${line}`)
    })
    console.error(reportOf(result))
    return result
  } catch (error) {
    console.error(`seed ${seed}:`, error)
    return { seed, error: String(error) }
  }
}

function figuresOf(result: SeedResult): object {
  if (isBrokenOff(result)) return { ...result, ok: false }
  const { seed, verdict, deaths, errors, history } = result
  return {
    seed,
    ok: isRight(result),
    violated: verdict.violated,
    ...verdict.figures,
    deaths,
    errors,
    history
  }
}
