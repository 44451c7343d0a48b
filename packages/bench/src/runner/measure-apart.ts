import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeasureOptions, Outcome } from './scenario.ts'

/** Which measurement: by the names of its scenario and contender. */
export interface MeasureOrder {
  scenario: string
  contender: string
  seconds: number
}

export type MeasureReply = { log: string } | { outcome: Outcome } | { error: string }

/**
 * One measurement in a process of its own, with a folder of its own. Whatever hangs is killed after `limit_ms` together with all the
 * servers it started, and leaves nothing behind; rejects then, and where the measurement did.
 */
export async function measureApart(
  order: Omit<MeasureOrder, 'seconds'>,
  { seconds, log }: MeasureOptions,
  limit_ms: number,
  main = join(import.meta.dirname, 'measure-main.ts')
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  const argument = JSON.stringify({ ...order, seconds } satisfies MeasureOrder)
  const env = { ...process.env, TMPDIR: folder }
  const child = fork(main, [argument], { serialization: 'advanced', env })
  const exited = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), limit_ms)
  try {
    return await replyOf(child, log)
  } catch (error) {
    if (child.signalCode !== 'SIGKILL') throw error
    throw new Error(`not done within ${Math.round(limit_ms / 1_000)} s`, { cause: error })
  } finally {
    clearTimeout(late)
    child.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

function replyOf(child: ChildProcess, log: (line: string) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    child.on('message', (reply: MeasureReply) => {
      if ('log' in reply) log(reply.log)
      else if ('outcome' in reply) resolve(reply.outcome)
      else reject(new Error(reply.error))
    })
    child.once('exit', (code, signal) => reject(new Error(`the measurement ended with ${signal ?? code}`)))
  })
}
