import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's unit of CPU time in /proc, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

interface Stat {
  parent: number
  ticks: number
}

/**
 * CPU seconds that a process and all below it have used, those of ended children too once they were waited for.
 *
 * @example
 * const before = cpuSeconds(postgres.pid)
 */
export function cpuSeconds(pid: number): number {
  const stats = readStats()
  const children = Map.groupBy(stats.keys(), (one) => stats.get(one)?.parent ?? 0)
  const sum = (one: number): number =>
    (children.get(one) ?? []).reduce((total, child) => total + sum(child), stats.get(one)?.ticks ?? 0)
  return sum(pid) / TICKS_PER_SECOND
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readStat(Number(name))
    if (stat) stats.set(Number(name), stat)
  }
  return stats
}

function readStat(pid: number): Stat | undefined {
  const text = readIfThere(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The command's name, in brackets, may hold anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, waited_user = 0, waited_system = 0] = fields.slice(11, 15)
  return { parent: fields[1] ?? 0, ticks: user + system + waited_user + waited_system }
}

/** Bytes of memory that the process holds itself. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // It ended between the listing and here.
    return undefined
  }
}
