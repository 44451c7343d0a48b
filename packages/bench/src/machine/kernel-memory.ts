import { readFileSync } from 'node:fs'

const PAGE = 4_096

/** Bytes the kernel holds for all sockets of this machine: its slabs, and what waits in them. */
export function kernelBytes(): number {
  const slab = /^Slab:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1]
  const pages = /^TCP: .* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'latin1'))?.[1]
  return Number(slab ?? 0) * 1_024 + Number(pages ?? 0) * PAGE
}
