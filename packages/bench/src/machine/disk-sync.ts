import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentilesOf } from '../runner/percentiles.ts'

const PROBE_MS = 4_000
/** A folder in memory needs no four seconds. */
const MOST_SYNCS = 40_000
const BYTES = 8 * 1024

/**
 * How long the disk under the temporary folder takes to have 8 KB, in milliseconds, over up to four seconds of asking: what every commit waits for
 * that shares it with nobody. A p99 far above the median is another guest of the machine, and becomes the p99 of what is measured; set
 * `TMPDIR` to a folder in memory, such as /dev/shm, to leave the disk out.
 *
 * @example
 * console.log(diskSyncMillis()) // { p50: 0.2, p99: 0.4, max: 71 }
 */
export function diskSyncMillis(): { p50: number; p99: number; max: number } {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  const file = openSync(join(folder, 'probe'), 'w')
  try {
    const took_ms: number[] = []
    const bytes = Buffer.alloc(BYTES)
    const until = performance.now() + PROBE_MS
    for (let now = performance.now(); now < until && took_ms.length < MOST_SYNCS; ) {
      writeSync(file, bytes, 0, BYTES, 0)
      fdatasyncSync(file)
      const done = performance.now()
      took_ms.push(done - now)
      now = done
    }
    const { p50, p99, max } = percentilesOf([took_ms])
    return { p50: rounded(p50), p99: rounded(p99), max: rounded(max) }
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

function rounded(ms: number): number {
  return Number(ms.toFixed(2))
}
