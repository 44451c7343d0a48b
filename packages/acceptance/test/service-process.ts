import { freePort, startChild } from '@parley/local-servers'
import { type TestContext, waitUntil } from '@parley/testing'
import { workspaceRoot } from '../src/index.ts'

export interface ServiceProcess {
  readonly url: string
  readonly pid: number
  /** From its start to its first answer, in milliseconds. */
  readonly answered_ms: number
  /** The status and body of `/readyz`; status 0 while nobody answers. */
  readiness(): Promise<{ status: number; body: Readiness }>
  signal(signal: NodeJS.Signals): void
  stop(): Promise<unknown>
}

export interface Readiness {
  status?: string
  checks?: Record<string, string>
}

const ANSWERS_MS = 30_000

/** One service as a process of its own, stopped after the test. Resolves when it answers, ready or not. */
export async function startService(
  t: TestContext,
  service: string,
  env: Record<string, string>
): Promise<ServiceProcess> {
  const port = await freePort()
  const begin = performance.now()
  const child = await startChild({
    command: process.execPath,
    args: [`services/${service}/src/main.ts`],
    cwd: workspaceRoot,
    env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', PORT: String(port), ...env },
    deathSignal: 'SIGKILL'
  })
  const stop = () => child.stop({ signal: 'SIGTERM', grace_ms: 15_000 })
  t.teardown(stop)
  const url = `http://127.0.0.1:${port}`
  await waitUntil(async () => (await fetch(`${url}/healthz`)).ok, {
    message: `${service} answers`,
    timeout_ms: ANSWERS_MS
  })
  const answered_ms = performance.now() - begin
  return { url, pid: child.pid, answered_ms, readiness, signal: child.signal, stop }

  async function readiness(): Promise<{ status: number; body: Readiness }> {
    try {
      const response = await fetch(`${url}/readyz`)
      return { status: response.status, body: (await response.json()) as Readiness }
    } catch {
      return { status: 0, body: {} }
    }
  }
}

/** Runs a script of the workspace to its end; rejects unless it exits with 0. */
export async function runScript(
  script: string,
  env: Record<string, string>,
  args: readonly string[] = []
): Promise<string[]> {
  const lines: string[] = []
  const child = await startChild({
    command: process.execPath,
    args: [script, ...args],
    cwd: workspaceRoot,
    env: { PATH: process.env.PATH, ...env },
    log: (line) => void lines.push(line)
  })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${child.output()}`)
  return lines
}
