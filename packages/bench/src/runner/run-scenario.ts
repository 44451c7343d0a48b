import { medianOf } from './percentiles.ts'
import type { Contender, MeasureOptions, Outcome, Scenario } from './scenario.ts'

export interface ContenderResult {
  name: string
  lacks: string
  /** Why it was not measured at all. */
  missing?: string
  rounds: Outcome[]
  /** By metric, over the rounds; only metrics that every round has a figure for. */
  medians: Record<string, number>
}

export interface ScenarioResult {
  name: string
  seconds: number
  contenders: ContenderResult[]
}

/**
 * Runs the contenders in turn, round after round, so that whatever the machine does besides meets all of them alike. What a run
 * throws is kept as its outcome: one peer that fails costs nobody else's figures.
 */
export async function runScenario(
  { name, contenders }: Scenario,
  { rounds, ...options }: MeasureOptions & { rounds: number }
): Promise<ScenarioResult> {
  const results: ContenderResult[] = []
  const present: { contender: Contender; result: ContenderResult }[] = []
  for (const contender of contenders) {
    const missing = await contender.whyMissing()
    const result: ContenderResult = { name: contender.name, lacks: contender.lacks, rounds: [], medians: {} }
    results.push(missing === undefined ? result : { ...result, missing })
    if (missing === undefined) present.push({ contender, result })
    else options.log(`${name}: ${contender.name} is missing: ${missing}`)
  }
  for (let round = 1; round <= rounds; round++)
    for (const { contender, result } of present) {
      options.log(`${name}: round ${round} of ${rounds}, ${contender.name}`)
      result.rounds.push(await measure(contender, options))
    }
  for (const { result } of present) result.medians = mediansOf(result.rounds)
  return { name, seconds: options.seconds, contenders: results }
}

async function measure(contender: Contender, options: MeasureOptions): Promise<Outcome> {
  try {
    const outcome = await contender.measure(options)
    if (outcome.refused !== undefined) options.log(`  no figure: ${outcome.refused}`)
    else options.log(`  ${JSON.stringify(outcome.values)}`)
    return outcome
  } catch (error) {
    const refused = error instanceof Error ? error.message : String(error)
    options.log(`  failed: ${refused}`)
    return { values: {}, refused }
  }
}

export function mediansOf(rounds: readonly Outcome[]): Record<string, number> {
  const keys = new Set(rounds.flatMap(({ values }) => Object.keys(values)))
  const medians: Record<string, number> = {}
  for (const key of keys) {
    const values = rounds.flatMap((round) => round.values[key] ?? [])
    if (values.length === rounds.length) medians[key] = medianOf(values)
  }
  return medians
}
