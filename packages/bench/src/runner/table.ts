import type { ContenderResult, ScenarioResult } from './run-scenario.ts'
import type { Metric, Scenario } from './scenario.ts'

const HEADER = ['measured', 'Parley', 'target', 'met', 'peer', "peer's", 'Parley is']

export interface ScenarioTable {
  scenario: Scenario
  result: ScenarioResult
}

/**
 * The result as one Markdown table, a line per metric and peer, and below it what each peer does not do and which were missing.
 */
export function renderTable(scenario: Scenario, result: ScenarioResult): string {
  return [
    `## ${scenario.name}`,
    '',
    scenario.about,
    '',
    ...alignedRows(HEADER, tableRows({ scenario, result })),
    '',
    ...notesOf(result.contenders)
  ].join('\n')
}

/** Every scenario in one table, and below it once what each peer does not do. */
export function renderSummary(tables: readonly ScenarioTable[]): string {
  const rows = tables.flatMap((table) =>
    tableRows(table).map((row, n) => [n === 0 ? table.scenario.name : '', ...row])
  )
  const notes = new Set(tables.flatMap(({ result }) => notesOf(result.contenders)))
  return ['## All', '', ...alignedRows(['scenario', ...HEADER], rows), '', ...notes].join('\n')
}

function tableRows({ scenario, result }: ScenarioTable): string[][] {
  const [own, ...peers] = result.contenders
  if (!own) return []
  return scenario.metrics
    .filter(({ inTable }) => inTable !== false)
    .flatMap((metric) => rowsOf(metric, own, peers))
}

function rowsOf(metric: Metric, own: ContenderResult, peers: readonly ContenderResult[]): string[][] {
  const measured = peers.filter(({ medians }) => medians[metric.key] !== undefined)
  const ours = own.medians[metric.key]
  const label =
    `${metric.label}${metric.unit.startsWith('/') || metric.unit === '' ? '' : ','} ${metric.unit}`.trim()
  const first = [label, figure(ours, own), targetText(metric), metText(metric, ours)]
  if (measured.length === 0) return [[...first, '', '', '']]
  const lines = measured.map((peer) => {
    const theirs = peer.medians[metric.key]
    return [
      '',
      '',
      ...ratioTarget(metric, ours, peer),
      peer.name,
      figure(theirs, peer),
      ratioText(metric, ours, theirs)
    ]
  })
  // One line serves both where the first peer has no target of its own.
  if (lines[0]?.[2] === '') lines[0].splice(0, first.length, ...first)
  else lines.unshift([...first, '', '', ''])
  return lines
}

/** A ratio's target stands in its peer's line. */
function ratioTarget(
  { ratio, ...metric }: Metric,
  ours: number | undefined,
  peer: ContenderResult
): [target: string, met: string] {
  if (ratio?.to !== peer.name) return ['', '']
  const times = timesAsGood(metric.better, ours, peer.medians[metric.key])
  return [`≥ ${ratio.least}x ${ratio.to}`, times === undefined ? 'no figure' : yes(times >= ratio.least)]
}

function targetText({ target, stretch, better }: Metric): string {
  if (target === undefined) return ''
  const sign = better === 'higher' ? '≥' : '≤'
  return `${sign} ${shorten(target)}${stretch === undefined ? '' : ` (${shorten(stretch)})`}`
}

/** By how much a target is missed is said too. */
function metText({ target, better }: Metric, ours: number | undefined): string {
  if (target === undefined) return ''
  if (ours === undefined) return 'no figure'
  const met = better === 'higher' ? ours >= target : ours <= target
  if (met) return 'yes'
  const off = Math.abs(ours - target) / target
  return off < 1 ? `no, by ${Math.round(off * 100)} %` : `no, ${(off + 1).toFixed(1)}x`
}

function ratioText({ better }: Metric, ours: number | undefined, theirs: number | undefined): string {
  const times = timesAsGood(better, ours, theirs)
  return times === undefined ? '' : `${times >= 10 ? Math.round(times) : times.toFixed(1)}x`
}

function timesAsGood(
  better: Metric['better'],
  ours: number | undefined,
  theirs: number | undefined
): number | undefined {
  if (ours === undefined || theirs === undefined) return undefined
  return better === 'higher' ? ours / theirs : theirs / ours
}

function figure(value: number | undefined, { rounds }: ContenderResult): string {
  if (value !== undefined) return shorten(value)
  return rounds.find(({ refused }) => refused !== undefined) ? 'refused' : '—'
}

function notesOf(contenders: readonly ContenderResult[]): string[] {
  return contenders.flatMap(({ name, lacks, missing, rounds }) => {
    const notes = lacks ? [`- ${name}: ${lacks}.`] : []
    if (missing !== undefined) return [`- ${name} is missing: ${missing}.`]
    const refusals = new Set(rounds.flatMap(({ refused }) => refused ?? []))
    for (const refused of refusals) notes.push(`- ${name}, no figure: ${refused}.`)
    return notes
  })
}

/** Example: `shorten(220_000)` is `220 k`. */
export function shorten(value: number): string {
  if (!Number.isFinite(value)) return '—'
  if (value >= 10_000_000) return `${Math.round(value / 1_000_000)} M`
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(1)} M`
  if (value >= 10_000) return `${Math.round(value / 1_000)} k`
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} k`
  if (value >= 100) return String(Math.round(value))
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function yes(met: boolean): string {
  return met ? 'yes' : 'no'
}

function alignedRows(header: readonly string[], body: readonly string[][]): string[] {
  const widths = header.map((_, n) => Math.max(...[header, ...body].map((row) => row[n]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  return [line(header), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)]
}
