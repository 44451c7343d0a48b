import type { ChaosResult } from './run-chaos.ts'

export function isRight({ verdict, deaths, errors }: ChaosResult): boolean {
  return verdict.ok && deaths.length === 0 && errors.length === 0
}

/** What a person wants to know of a run. */
export function reportOf(result: ChaosResult): string {
  const { seed, planned, verdict, deaths, errors, history, seconds, check_seconds } = result
  const { figures, violated, violations } = verdict
  const lines = [
    `seed ${seed}: ${isRight(result) ? 'PASS' : 'FAIL'} (${seconds} s, checked in ${check_seconds} s, ${planned.length} faults)`,
    `  acknowledged ${figures.acknowledged}, delivered ${figures.delivered}, duplicates on the wire ` +
      `${figures.duplicates_on_the_wire}, in the app ${figures.duplicates_in_the_app}, sockets ${figures.sockets}`,
    `  delivery ms p50 ${figures.delivery_ms.p50} p99 ${figures.delivery_ms.p99} max ${figures.delivery_ms.max}; ` +
      `recovery ms p50 ${figures.recovery_ms.p50} p99 ${figures.recovery_ms.p99} max ${figures.recovery_ms.max}`,
    ...planned.map(({ name, at_ms, duration_ms }) => {
      const recovery = figures.recovery_by_fault[name]
      const told = recovery ? `recovery p50 ${recovery.p50} max ${recovery.max} ms` : ''
      return `  ${(at_ms / 1_000).toFixed(1).padStart(6)} s  ${name.padEnd(24)} ${(duration_ms / 1_000).toFixed(1).padStart(5)} s  ${told}`
    }),
    ...Object.entries(violated).map(([invariant, n]) => `  ${invariant}: ${n} violations`),
    ...oneOfEach(violations).map(
      ({ invariant, what, evidence }) => `  ${invariant} ${what}\n    ${shorten(evidence)}`
    ),
    ...deaths.map((death) => `  died: ${death}`),
    ...errors.map((error) => `  error: ${error}`),
    ...(history === undefined ? [] : [`  history: ${history}`])
  ]
  return lines.join('\n')
}

/** Two examples of each kind of violation. */
function oneOfEach(violations: ChaosResult['verdict']['violations']): ChaosResult['verdict']['violations'] {
  const kinds = Map.groupBy(violations, ({ invariant, what }) => `${invariant} ${what}`)
  return [...kinds.values()].flatMap((alike) => alike.slice(0, 2))
}

function shorten(evidence: unknown): string {
  const text = JSON.stringify(evidence)
  return text.length > 900 ? `${text.slice(0, 900)}…` : text
}
