import { Counter } from 'prom-client'
import t, { type Test } from 'tap'
import { createService, type HealthCheck, healthPlugin, metricsPlugin, renderMetrics } from '../src/index.ts'

async function build(t: Test, name: string, checks: Record<string, HealthCheck>) {
  const app = createService({ name, logger: false })
  t.teardown(() => app.close())
  await app.register(healthPlugin, { checks, timeout_ms: 50 })
  await app.register(metricsPlugin)
  app.get('/things/:id', async () => ({}))
  return app
}

t.test('ready while every required check passes; what is optional only degrades', async (t) => {
  let bus: HealthCheck['check'] = () => 'ok'
  let database: HealthCheck['check'] = () => 'ok'
  const app = await build(t, 'api', {
    database: { required: true, check: () => database() },
    bus: { required: false, check: () => bus() }
  })
  const ready = async () => {
    const { statusCode, body } = await app.inject('/readyz')
    return { statusCode, ...JSON.parse(body) }
  }
  t.strictSame(await ready(), { statusCode: 200, status: 'ok', checks: { database: 'ok', bus: 'ok' } })
  bus = () => Promise.reject(new Error('gone'))
  t.match(await ready(), { statusCode: 200, status: 'ok', checks: { bus: 'degraded' } })
  bus = () => 'degraded'
  t.match(await ready(), { statusCode: 200, checks: { bus: 'degraded' } })
  database = () => new Promise(() => {})
  t.match(await ready(), { statusCode: 503, status: 'unavailable', checks: { database: 'failed' } })
  database = () => 'ok'
  t.match(await ready(), { statusCode: 200 })
  app.beginDrain()
  t.match(await ready(), { statusCode: 503, status: 'draining', checks: { database: 'ok' } })
  t.equal(app.draining, true)
  const alive = await app.inject('/healthz')
  t.match(alive, { statusCode: 200, headers: { connection: 'close' } })
})

t.test('metrics by route, apart per service, with the process told once', async (t) => {
  const apps = [await build(t, 'one', {}), await build(t, 'two', {})]
  for (const app of apps) {
    await app.inject('/things/1')
    await app.inject('/nowhere/2')
    new Counter({ name: 'things_total', help: 'Things', registers: [app.metrics] }).inc()
  }
  const own = await apps[0]?.inject('/metrics')
  t.match(own?.headers['content-type'], /^text\/plain/)
  t.match(
    own?.body,
    'http_request_duration_seconds_count{method="GET",route="/things/:id",status="200",service="one"} 1'
  )
  t.match(own?.body, 'process_cpu_seconds_total')
  t.notMatch(own?.body, 'service="two"')
  const text = await renderMetrics(apps.map((app) => app.metrics))
  for (const service of ['one', 'two']) t.match(text, `things_total{service="${service}"} 1`)
  t.equal(text.match(/^# TYPE process_cpu_seconds_total /gm)?.length, 1)
  t.equal(text.match(/^# TYPE things_total /gm)?.length, 1)
  t.notMatch(text, '/nowhere')
})
