import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, startChild } from '@parley/local-servers'
import type { Life, Variation } from './part.ts'

const READY_MS = 30_000
const GRACE_MS = 15_000
const root = join(import.meta.dirname, '../..')

/** A service's own variables; of this process's environment it gets only what any program needs. */
export type ServiceEnv = Record<string, string>

/** Starts `node services/<service>/src/main.ts` and resolves when its `/readyz` is 200. */
export async function startService(
  service: string,
  port: number,
  env: ServiceEnv,
  log: (line: string) => void,
  variation: Variation = {}
): Promise<Life> {
  const child = await startScript(join('services', service, 'src/main.ts'), env, log, variation)
  try {
    await becomesReady(child, `http://127.0.0.1:${port}/readyz`)
  } catch (error) {
    await child.stop({ signal: 'SIGKILL' })
    throw new Error(`${service} on port ${port} did not start:\n${child.output()}`, { cause: error })
  }
  return {
    pid: child.pid,
    exited: child.exited,
    stop: async () => {
      await child.stop({ signal: 'SIGTERM', grace_ms: GRACE_MS })
    }
  }
}

/** Runs a script to its end; rejects unless it exits with 0. */
export async function runScript(script: string, env: ServiceEnv, log: (line: string) => void): Promise<void> {
  const child = await startScript(script, env, log)
  const { code, signal } = await child.exited
  if (code !== 0) throw new Error(`${script} ended with ${signal ?? code}:\n${child.output()}`)
}

function startScript(
  script: string,
  env: ServiceEnv,
  log: (line: string) => void,
  { via = [], root: cwd = root }: Variation = {}
): Promise<Child> {
  const { PATH, HOME, TMPDIR } = process.env
  return startChild({
    command: process.execPath,
    args: [script],
    via,
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    deathSignal: 'SIGKILL',
    log
  })
}

async function becomesReady(child: Child, url: string): Promise<void> {
  const deadline = performance.now() + READY_MS
  let last: unknown = 'no answer'
  while (performance.now() < deadline) {
    if (!child.running()) throw new Error('it exited')
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) })
      last = await reply.text()
      if (reply.ok) return
    } catch (error) {
      last = error
    }
    await delay(50)
  }
  throw new Error(`not ready within ${READY_MS} ms`, { cause: last })
}
