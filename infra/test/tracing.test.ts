// The topology as real processes, and a collector here: one trace from a send to the sockets, over the broker.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSocket, waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'
import { startStack } from '../stack/topology.ts'

const root = join(import.meta.dirname, '../..')

interface Span {
  service: string
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: Record<string, unknown> }[]
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] }
    scopeSpans: { spans: Omit<Span, 'service'>[] }[]
  }[]
}

/** Takes OTLP over HTTP in JSON. */
async function startCollector(t: Test): Promise<{ url: string; spans: Span[] }> {
  const spans: Span[] = []
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (request.url === '/v1/traces')
      for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
        const name = resource.attributes.find(({ key }) => key === 'service.name')
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ ...span, service: name?.value.stringValue ?? '' })
      }
    reply.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans }
}

/** From the last step back to the first, `service: name`. */
function wayOf(last: Span, spans: readonly Span[]): string[] {
  const before = spans.find(({ spanId }) => spanId === last.parentSpanId)
  return [...(before ? wayOf(before, spans) : []), `${last.service}: ${last.name}`]
}

t.test('a send is one trace, from the request or the socket to the sockets of its room', async (t) => {
  const { url, spans } = await startCollector(t)
  const stack = await startStack({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '50', RATE_LIMITS: 'off' }
  })
  t.teardown(() => stack.stop())
  const post = async (path: string, body: unknown, token = ''): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const reply = await fetch(stack.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    t.ok(reply.ok, `${path} ${reply.status}`)
    return (await reply.json()) as Record<string, string>
  }
  const person = { username: 'ann', password: 'tea at five, every day' }
  await post('/messaging/api/auth/register/', person)
  const { token = '' } = await post('/messaging/api/auth/token/', person)
  const { id: room = '' } = await post('/messaging/api/conversations/', {}, token)
  const socket = await openSocket(`${stack.url.replace('http', 'ws')}/ws/chat/${room}/`, {
    headers: { authorization: `Bearer ${token}` }
  })
  t.teardown(() => socket.close())

  await post(
    `/messaging/api/conversations/${room}/messages/?secret=query`,
    { body: 'a body of its own' },
    token
  )
  socket.send(JSON.stringify({ body: 'a body of its own' }))
  const delivered = () => spans.filter(({ name }) => name === 'deliver to sockets')
  await waitUntil(() => delivered().length >= 2, { message: 'two deliveries', timeout_ms: 20_000 })
  // Each service exports by itself, so that the first step of a way may be the last that is heard of.
  const steps = () => delivered().reduce((sum, one) => sum + wayOf(one, spans).length, 0)
  await waitUntil(() => steps() >= 4 + 5, { message: 'what led to them', timeout_ms: 20_000 })

  const rest = [
    'conversation-api: publish message.created',
    'notifier: push to room',
    'realtime-gateway: deliver to sockets'
  ]
  const ways = delivered().map((one) => wayOf(one, spans))
  t.strictSame(
    ways.toSorted((a, b) => a.length - b.length),
    [
      ['conversation-api: request', ...rest],
      ['realtime-gateway: socket send', 'conversation-api: execute send', ...rest]
    ]
  )
  for (const one of delivered()) {
    const trace = spans.filter(({ traceId }) => traceId === one.traceId)
    t.ok(
      trace.some(({ name }) => name === 'write message'),
      'the write is a step of it too'
    )
    const { value } = one.attributes.find(({ key }) => key === 'parley.conversation') ?? {}
    t.equal(value?.stringValue, room)
  }
  t.notMatch(JSON.stringify(spans), /a body of its own|secret=query|tea at five/, 'ids, never contents')
})

t.test('nothing of OpenTelemetry is loaded by who does not trace', async (t) => {
  const files = globSync('{packages,services}/*/src/**/*.ts', { cwd: root })
  const users = files.filter((file) =>
    /from '(@opentelemetry\/|@fastify\/otel)/.test(readFileSync(join(root, file), 'utf8'))
  )
  t.strictSame(users, ['packages/service-kit/src/tracing/open-telemetry.ts'])
  const importers = files.filter((file) =>
    /from '[^']*open-telemetry/.test(readFileSync(join(root, file), 'utf8'))
  )
  t.strictSame(importers, [], 'it is imported only when there is a collector')
})
