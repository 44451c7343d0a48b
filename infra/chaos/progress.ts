import type { HistoryLog } from '@parley/testing'

export type Progress = (line: string) => void

const EVERY_MS = 10_000

/** Tells every ten seconds how far a run is: what was acknowledged, and which faults are on. Returns how to end it. */
export function reportProgress(log: HistoryLog, progress: Progress): () => void {
  const begun = performance.now()
  const on = new Map<number, string>()
  const sends = new Set<number>()
  let read = 0
  let acknowledged = 0
  let phase = 'faults'
  const timer = setInterval(() => {
    for (; read < log.records.length; read++) {
      const record = log.records[read]
      if (record?.type === 'invoked' && record.kind === 'send') sends.add(record.op)
      else if (record?.type === 'ok' && sends.has(record.op)) acknowledged++
      else if (record?.type === 'mark') phase = record.name
      else if (record?.type === 'fault' && record.phase === 'begin') on.set(record.fault, record.name)
      else if (record?.type === 'fault') on.delete(record.fault)
    }
    const seconds = Math.round((performance.now() - begun) / 1_000)
    progress([`${seconds} s`, phase, `${acknowledged} acknowledged`, [...on.values()].join(', ')].join('  '))
  }, EVERY_MS)
  return () => clearInterval(timer)
}
