/** A figure of a scenario, and what it should be. */
export interface Metric {
  key: string
  label: string
  /** Such as `ms` or `/s`; part of the table. */
  unit: string
  better: 'higher' | 'lower'
  target?: number
  stretch?: number
  /** At least so many times as good as this contender in the same run. */
  ratio?: { to: string; least: number }
  /** Shown in the raw results only where false. */
  inTable?: boolean
}

/** What one run of one contender gave. */
export interface Outcome {
  /** By metric. A figure that may not be given, such as a rate with losses, is not here. */
  values: Record<string, number>
  /** Why figures are missing. */
  refused?: string
  /** Whatever else is worth keeping in the raw results. */
  details?: unknown
}

export interface MeasureOptions {
  /** How long one measured run lasts. */
  seconds: number
  /** Says what goes on. */
  log(line: string): void
}

export interface Contender {
  readonly name: string
  /** What it does not do that Parley does; empty for Parley. */
  readonly lacks: string
  whyMissing(): Promise<string | undefined>
  measure(options: MeasureOptions): Promise<Outcome>
}

export interface Scenario {
  readonly name: string
  readonly about: string
  readonly metrics: readonly Metric[]
  /** Parley first. */
  readonly contenders: readonly Contender[]
}
