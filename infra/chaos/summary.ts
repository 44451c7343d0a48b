import { isRight } from './report.ts'
import type { ChaosResult } from './run-chaos.ts'

/** A seed whose run came to no verdict. */
export interface BrokenOff {
  seed: number
  error: string
}

export type SeedResult = ChaosResult | BrokenOff

export function isBrokenOff(result: SeedResult): result is BrokenOff {
  return 'error' in result
}

/** All runs together, as Markdown: the totals, and a table of the faults. */
export function summaryOf(results: readonly SeedResult[]): string {
  return [
    totalsOf(results),
    '',
    '| fault | times | lasted (s) | recovery, slowest subscriber (ms) |',
    '|---|---|---|---|',
    ...faultRows(results.filter((result): result is ChaosResult => !isBrokenOff(result)))
  ].join('\n')
}

export function totalsOf(results: readonly SeedResult[]): string {
  const whole = results.filter((result): result is ChaosResult => !isBrokenOff(result))
  const sum = (value: (result: ChaosResult) => number) =>
    whole.reduce((total, result) => total + value(result), 0).toLocaleString('en')
  const violations = sum(({ verdict }) => Object.values(verdict.violated).reduce((a, b) => a + b, 0))
  const bad = results.filter((result) => isBrokenOff(result) || !isRight(result)).map(({ seed }) => seed)
  return (
    `${results.length} runs (seeds ${results[0]?.seed} to ${results.at(-1)?.seed}), ` +
    `${results.length - bad.length} without a violation${bad.length > 0 ? `, not: ${bad.join(', ')}` : ''}; ` +
    `${sum(({ verdict }) => verdict.figures.faults.length)} faults, ` +
    `${sum(({ verdict }) => verdict.figures.acknowledged)} sends acknowledged, ` +
    `${sum(({ verdict }) => verdict.figures.delivered)} durable frames delivered, ` +
    `${sum(({ verdict }) => verdict.figures.duplicates_on_the_wire)} duplicates on the wire, ` +
    `${sum(({ verdict }) => verdict.figures.duplicates_in_the_app)} in an app, ${violations} violations.`
  )
}

function faultRows(results: readonly ChaosResult[]): string[] {
  const lasted = Map.groupBy(
    results.flatMap(({ verdict }) => verdict.figures.faults),
    ({ name }) => name
  )
  return [...lasted]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, times]) => {
      const seconds = times.map(({ lasted_ms }) => lasted_ms / 1_000)
      const recoveries = results.flatMap(({ verdict }) => verdict.figures.recovery_by_fault[name]?.max ?? [])
      const worst = recoveries.length > 0 ? Math.max(...recoveries) : 'overlapped by another'
      return `| ${name} | ${times.length} | ${range(seconds)} | ${worst} |`
    })
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values).toFixed(1), Math.max(...values).toFixed(1)]
  return least === most ? least : `${least}–${most}`
}
