import { readdirSync, readFileSync } from 'node:fs'
import type { HistoryLog } from '@parley/testing'
import type { Stack } from '../stack/topology.ts'

const services = /^(?:api|gateway|notifier)-/

/** Notes the memory and the open descriptors of every service process. Linux only. */
export function sampleResources(log: HistoryLog, stack: Stack, phase: 'baseline' | 'final'): void {
  for (const { name, pid } of stack.processes.filter(({ name }) => services.test(name) && stack.runs(name))) {
    const kb = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    const fds = readdirSync(`/proc/${pid}/fd`).length
    log.record({ type: 'sample', phase, process: name, rss_bytes: kb * 1024, fds })
  }
}
