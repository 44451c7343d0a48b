import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** `degraded` still works, with less; a check that throws or takes over a second has failed. */
export type CheckResult = 'ok' | 'degraded'

export interface HealthCheck {
  /** Without this the service cannot do its work: readiness fails with it. */
  required: boolean
  check: () => CheckResult | Promise<CheckResult>
}

export interface Readiness {
  status: 'ok' | 'unavailable' | 'draining'
  checks: Record<string, CheckResult | 'failed'>
}

export interface HealthOptions {
  checks: Record<string, HealthCheck>
  /** How long one check may take, in milliseconds. */
  timeout_ms?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What `/readyz` answers. */
    readiness(): Promise<Readiness>
    /** From now on `/readyz` is 503 and every reply asks its client to connect anew, elsewhere. */
    beginDrain(): void
    readonly draining: boolean
  }
}

/**
 * `GET /healthz`: 200 while the process lives. `GET /readyz`: 200 with the state of each check, 503 while a required one fails
 * or the service drains.
 *
 * @example
 * app.register(healthPlugin, { checks: { database: { required: true, check: async () => (await ping(), 'ok') } } })
 */
export const healthPlugin = fp<HealthOptions>(
  async (app: FastifyInstance, { checks, timeout_ms = 1_000 }) => {
    let draining = false
    const failing = new Set<string>()
    const report = (name: string, error?: unknown) => {
      if (error === undefined) return failing.delete(name)
      // A probe asks every second: only the first failure of a row is news.
      if (!failing.has(name)) app.log.warn({ err: error, check: name }, 'check failed')
      return failing.add(name)
    }
    app.decorate('draining', { getter: () => draining })
    app.decorate('beginDrain', () => {
      draining = true
    })
    app.decorate('readiness', async () => {
      const readiness = await runChecks(checks, timeout_ms, report)
      return draining ? { ...readiness, status: 'draining' as const } : readiness
    })
    app.addHook('onRequest', async (_request, reply) => {
      if (draining) reply.header('connection', 'close')
    })
    app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }))
    app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
      const readiness = await app.readiness()
      return reply
        .code(readiness.status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(readiness)
    })
  },
  { name: 'health' }
)

type Report = (name: string, error?: unknown) => void

async function runChecks(
  checks: Record<string, HealthCheck>,
  timeout: number,
  report: Report
): Promise<Readiness> {
  const results: Readiness['checks'] = {}
  let status: Readiness['status'] = 'ok'
  await Promise.all(
    Object.entries(checks).map(async ([name, { required, check }]) => {
      try {
        results[name] = await within(timeout, check)
        report(name)
      } catch (error) {
        results[name] = required ? 'failed' : 'degraded'
        if (required) status = 'unavailable'
        report(name, error)
      }
    })
  )
  return { status, checks: results }
}

async function within(timeout: number, check: HealthCheck['check']): Promise<CheckResult> {
  const settled = new AbortController()
  const late = delay(timeout, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`no answer within ${timeout} ms`)
  })
  try {
    return await Promise.race([Promise.resolve().then(check), late])
  } finally {
    settled.abort()
    late.catch(() => {})
  }
}
