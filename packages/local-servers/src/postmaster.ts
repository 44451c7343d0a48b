import { existsSync } from 'node:fs'
import { readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const FAST_MS = 20_000
const IMMEDIATE_MS = 10_000

/**
 * Whether the server with this process id says, in its pid file, that it takes connections, be it only to read as a standby does
 * (pg_ctl asks the same way).
 */
export async function isReady(directory: string, pid: number): Promise<boolean> {
  const lines = await pidFile(directory)
  return Number(lines[0]) === pid && /^(?:ready|standby)\s*$/.test(lines[7] ?? '')
}

/**
 * Ends what an earlier life left in the data directory: a server whose parent was killed and which is still shutting down, or only
 * its pid file, naming a process that is another program by now. For a caller that knows nobody else serves this directory.
 */
export async function clearLeftovers(directory: string): Promise<void> {
  const pid = Number((await pidFile(directory))[0])
  if (!Number.isSafeInteger(pid) || pid <= 1) return
  if (!(await serves(pid, directory))) return rm(join(directory, 'postmaster.pid'), { force: true })
  process.kill(pid, 'SIGINT')
  if (await isGone(pid, directory, FAST_MS)) return
  process.kill(pid, 'SIGQUIT')
  if (await isGone(pid, directory, IMMEDIATE_MS)) return
  throw new Error(`PostgreSQL ${pid}, left over in ${directory}, does not stop`)
}

async function pidFile(directory: string): Promise<string[]> {
  const file = join(directory, 'postmaster.pid')
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : []
}

/** A server's working directory is its data directory. */
async function serves(pid: number, directory: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === directory
  } catch {
    // Gone, or another user's: only the owner of a data directory can serve it.
    return false
  }
}

async function isGone(pid: number, directory: string, timeout_ms: number): Promise<boolean> {
  const deadline = performance.now() + timeout_ms
  while (await serves(pid, directory)) {
    if (performance.now() > deadline) return false
    await delay(20)
  }
  return true
}
