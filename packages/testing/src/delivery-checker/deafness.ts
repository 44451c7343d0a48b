import type { HistoryRecord, Received } from './history.ts'

interface Interval {
  from: number
  to: number
}

/** When clients could not hear, although they were written to. */
export interface Deafness {
  /** One client did not read, by its socket. */
  sockets: Map<number, Interval[]>
  /** Nobody did: the process that records stood still, or the way to the clients kept what was on it. */
  all: Interval[]
}

/** Until everything that waited has been read. */
const READ_OUT_MS = 1_000
/** Shorter ones are in the tolerances. */
const SHORT_MS = 250
/** Faults of the clients' own way. */
const CLIENT_LINK = /:client-/

export function deafnessOf(
  history: readonly HistoryRecord[],
  faults: readonly { name: string; begin: number; end: number }[]
): Deafness {
  const sockets = new Map<number, Interval[]>()
  const all: Interval[] = faults
    .filter(({ name }) => CLIENT_LINK.test(name))
    .map(({ begin, end }) => ({ from: begin, to: end }))
  for (const record of history) {
    if (record.type === 'stalled' && record.ms > SHORT_MS)
      all.push({ from: record.at - record.ms, to: record.at })
    if (record.type !== 'reading') continue
    const intervals = sockets.get(record.socket) ?? []
    sockets.set(record.socket, intervals)
    const last = intervals.at(-1)
    if (!record.on) intervals.push({ from: record.at, to: Number.POSITIVE_INFINITY })
    else if (last) last.to = record.at
  }
  return { sockets, all }
}

/** The earliest time at which a frame may have been written: its own, or the begin of what kept it from being read. */
export function writtenFrom(
  { sockets, all }: Deafness,
  { socket, at }: Pick<Received, 'socket' | 'at'>
): number {
  let earliest = at
  for (const { from, to } of [...all, ...(sockets.get(socket) ?? [])].toSorted((a, b) => b.from - a.from)) {
    if (from < earliest && earliest <= to + READ_OUT_MS) earliest = from
  }
  return earliest
}
