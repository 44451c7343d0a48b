import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { HistoryLog } from '@parley/testing'
import type { ChaosStack } from './chaos-stack.ts'
import { askMemory } from './seams/control.ts'

type Sampled = Pick<ChaosStack, 'stack' | 'sockets'>

const services = /^(?:api|gateway|notifier)-/
/** Idle HTTP connections are kept for 72 s. */
const GIVEN_BACK_MS = 90_000
const LOOK_EVERY_MS = 1_000
/** Fewer than the checker allows: some may be opened between the wait and the sample (seed 218). */
const FEW = 25

/** Notes the memory that is left after a collection, and the open descriptors, of every service process. Linux only. */
export async function sampleResources(
  log: HistoryLog,
  { stack, sockets }: Sampled,
  phase: 'baseline' | 'final'
): Promise<void> {
  for (const { name, pid } of servicesOf(stack)) {
    const { heap_bytes } = await askMemory(sockets, pid)
    log.record({ type: 'sample', phase, process: name, heap_bytes, fds: descriptorsOf(pid) })
  }
}

/** Resolves when no service holds many more descriptors than at the baseline, or when that would be a leak. */
export async function descriptorsGivenBack(log: HistoryLog, { stack }: Sampled): Promise<void> {
  const baseline = new Map(
    log.records.flatMap((record) => (record.type === 'sample' ? [[record.process, record.fds]] : []))
  )
  const deadline = performance.now() + GIVEN_BACK_MS
  while (performance.now() < deadline) {
    if (servicesOf(stack).every(({ name, pid }) => descriptorsOf(pid) <= (baseline.get(name) ?? 0) + FEW))
      return
    await delay(LOOK_EVERY_MS)
  }
}

function servicesOf(stack: Sampled['stack']) {
  return stack.processes.filter(({ name }) => services.test(name) && stack.runs(name))
}

function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
