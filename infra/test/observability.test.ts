// What the dashboard and the alerts ask for is held against what running services expose: a renamed metric fails here.
import { join } from 'node:path'
import { buildApp as buildApi, migrate } from '@parley/conversation-api'
import { createMemoryEventBus } from '@parley/event-bus'
import { buildApp as buildNotifier } from '@parley/notifier'
import { buildApp as buildGateway } from '@parley/realtime-gateway'
import { hashOfFolder, testDatabase } from '@parley/testing'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { readText, readYaml } from './kubernetes/manifests.ts'
import { namesIn } from './observability/promql.ts'

/** What Prometheus adds, and a histogram's bound. */
const ADDED_LABELS = ['job', 'service', 'instance', 'le']

interface Exposed {
  metrics: Set<string>
  labels: Map<string, readonly string[]>
}

async function startServices(t: Test): Promise<Exposed> {
  const folder = join(import.meta.dirname, '../../services/conversation-api/migrations')
  const { url } = await testDatabase(t, {
    templateName: await hashOfFolder(folder),
    migrate: async (one) => void (await migrate(one))
  })
  const logger = pino({ level: 'silent' })
  const bus = createMemoryEventBus({ logger })
  const config = {
    PORT: 0,
    DATABASE_URL: url,
    INTERNAL_SECRET: 'a secret of this run',
    RATE_LIMITS: 'on' as const,
    tuning: { drain_ms: 0 }
  }
  const { app: rest, api } = await buildApi({ config, bus, logger })
  const notifier = await buildNotifier({ bus, logger })
  const gateway = await buildGateway({ config, bus, api, logger })
  t.teardown(async () => {
    await gateway.close()
    await notifier.close()
    await rest.close()
    await bus.close()
  })
  const exposed: Exposed = { metrics: new Set(), labels: new Map() }
  for (const app of [rest, notifier, gateway]) {
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const text = await (await fetch(`${address}/metrics`)).text()
    for (const [, name = '', kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
      for (const suffix of kind === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
        exposed.metrics.add(name + suffix)
    for (const metric of app.metrics.getMetricsAsArray())
      exposed.labels.set(metric.name, (metric as { labelNames?: string[] }).labelNames ?? [])
  }
  return exposed
}

/** Throws where an expression is none, and names what nobody exposes. */
function unknownIn(expression: string, { metrics, labels }: Exposed): string[] {
  const named = namesIn(expression)
  const known = named.metrics.flatMap((name) => labels.get(name.replace(/_(bucket|sum|count)$/, '')) ?? [])
  return [
    ...named.metrics.filter((name) => name !== 'up' && !metrics.has(name)),
    ...named.labels.filter((label) => ![...known, ...ADDED_LABELS].includes(label))
  ]
}

interface Rule {
  alert: string
  expr: string
  for: string
  labels: { severity: string }
  annotations: { summary: string; runbook_url: string }
}

interface Panel {
  type: string
  title: string
  targets?: { expr: string; legendFormat: string }[]
}

t.test('every metric and label that is asked for exists', async (t) => {
  const exposed = await startServices(t)
  t.throws(() => unknownIn('sum(rate(', exposed), SyntaxError, 'a broken expression is found')
  t.strictSame(unknownIn('sum by (nonsense) (gateway_sockets)', exposed), ['gateway_sockets', 'nonsense'])
  for (const { alert, expr } of rules()) t.strictSame(unknownIn(expr, exposed), [], alert)
  for (const { title, targets = [] } of panels())
    for (const { expr, legendFormat } of targets) {
      t.strictSame(unknownIn(expr, exposed), [], title)
      const { labels } = namesIn(expr)
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        t.ok(labels.includes(label), title)
    }
})

t.test('every alert says how bad it is, and what to do is written down', async (t) => {
  const headings = [...readText('docs/operations.md').matchAll(/^#### (Parley\w+)$/gm)].map(
    ([, name]) => name
  )
  t.strictSame(
    rules().map(({ alert }) => alert),
    headings,
    'docs/operations.md explains each, in the same order'
  )
  for (const { alert, labels, annotations } of rules()) {
    t.match(labels.severity, /^(critical|warning|info)$/)
    t.equal(annotations.runbook_url, `docs/operations.md#${alert.toLowerCase()}`)
    t.ok(annotations.summary)
  }
})

function rules(): Rule[] {
  const [file] = readYaml('infra/observability/alerts.yaml') as { groups: { rules: Rule[] }[] }[]
  return file?.groups.flatMap((group) => group.rules) ?? []
}

function panels(): Panel[] {
  const { panels: all } = JSON.parse(readText('infra/observability/dashboard.json')) as { panels: Panel[] }
  return all.filter(({ type }) => type !== 'row')
}
