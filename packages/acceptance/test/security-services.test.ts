// Each service as a process of its own: ready means able, and what is inside stays inside.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Conversation, internalPaths, internalSecretHeader } from '@parley/contracts'
import { freePort } from '@parley/local-servers'
import { startChaosProxy, type TestContext, testDatabase, waitUntil } from '@parley/testing'
import t from 'tap'
import {
  CONVERSATIONS,
  listeningAddresses,
  openRawWebSocket,
  refusalOf,
  RestClient,
  signUp,
  textFrame
} from '../src/index.ts'
import { runScript, type ServiceProcess, startService } from './service-process.ts'

t.setTimeout(120_000)

const INTERNAL_SECRET = 'a secret for this one test'
const NATS_URL = `nats://127.0.0.1:${await silentServer(t)}`

/** Takes connections and says nothing, as a broker does that hangs. */
async function silentServer(t: TestContext): Promise<number> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const database = await testDatabase(t, { templateName: 'empty', migrate: async () => {} })
await runScript('services/conversation-api/src/migrate.ts', { DATABASE_URL: database.url })
const databaseAddress = new URL(database.url)
const link = await startChaosProxy({ target: () => ({ port: Number(databaseAddress.port) }) })
t.teardown(() => link.close())
const DATABASE_URL = database.url.replace(databaseAddress.host, link.address)

const internalPort = await freePort()
const api = await startService(t, 'conversation-api', {
  HOST: '0.0.0.0',
  DATABASE_URL,
  NATS_URL,
  INTERNAL_PORT: String(internalPort),
  INTERNAL_SECRET
})
const internal = `http://127.0.0.1:${internalPort}`
const gateway = await startService(t, 'realtime-gateway', { NATS_URL, API_URLS: internal, INTERNAL_SECRET })
const notifier = await startService(t, 'notifier', { NATS_URL })

function becomes(service: ServiceProcess, status: number, checks: Record<string, string>): Promise<unknown> {
  return waitUntil(
    async () => {
      const now = await service.readiness()
      const right = Object.entries(checks).every(([name, result]) => now.body.checks?.[name] === result)
      if (now.status === status && right) return true
      throw new Error(JSON.stringify(now))
    },
    { message: `${status} with ${JSON.stringify(checks)}`, timeout_ms: 10_000, interval_ms: 50 }
  )
}

t.test('SEC-READY a broker that does not answer at start delays nothing but the notifier', async (t) => {
  await becomes(api, 200, { database: 'ok', bus: 'degraded' })
  await becomes(gateway, 200, { api: 'ok', bus: 'degraded' })
  await becomes(notifier, 503, { bus: 'failed' })
  for (const { answered_ms } of [api, gateway])
    t.ok(answered_ms < 10_000, `answered after ${Math.round(answered_ms)} ms`)

  const [ann, ben] = await Promise.all([signUp(api.url, 'ann'), signUp(api.url, 'ben')])
  const { body } = await ann.api.post(CONVERSATIONS, { member_ids: [ben.user.id] })
  const { id } = body as Conversation
  const headers = { authorization: `Bearer ${ben.token}` }
  const hears = await openRawWebSocket(gateway.url, { headers, path: `/ws/chat/${id}/` })
  await hears.next(({ type }) => type === 'subscribed')
  t.equal((await ann.api.post(`${CONVERSATIONS}${id}/messages/`, { body: 'without a broker' })).status, 201)
  t.match(await hears.next(({ type }) => type === 'message'), { message: { body: 'without a broker' } })
  hears.raw.destroy()
})

t.test('SEC-READY without its database the api is not, without the api the gateway is not', async (t) => {
  await link.cut()
  await becomes(api, 503, { database: 'failed' })
  await becomes(gateway, 503, { api: 'failed' })
  for (const service of [api, gateway])
    t.equal((await fetch(`${service.url}/healthz`)).status, 200, 'it lives')
  const stranger = `Bearer ${'x'.repeat(43)}`
  const refused = await openRawWebSocket(gateway.url, { headers: { authorization: stranger } }).catch(String)
  t.match(refused, /503/, 'nobody is taken for a stranger meanwhile')
  t.equal(
    refusalOf(await new RestClient(api.url, { authorization: stranger }).get(CONVERSATIONS)),
    '503 unavailable'
  )
  await link.pass()
  await becomes(api, 200, { database: 'ok', bus: 'degraded' })
  await becomes(gateway, 200, { api: 'ok', bus: 'degraded' })
})

t.test(
  'SEC-INSIDE the internal port is bound to loopback by default, the public one where it is told',
  async (t) => {
    const publicPort = new URL(api.url).port
    t.strictSame(
      await listeningAddresses(api.pid),
      [`0.0.0.0:${publicPort}`, `127.0.0.1:${internalPort}`].toSorted()
    )
    t.strictSame(await listeningAddresses(gateway.pid), [`127.0.0.1:${new URL(gateway.url).port}`])
    t.strictSame(await listeningAddresses(notifier.pid), [`127.0.0.1:${new URL(notifier.url).port}`])
  }
)

t.test(
  'SEC-INSIDE the internal port answers nobody without the secret, and the public one not at all',
  async (t) => {
    const body = { kind: 'session', token: 'x' }
    const shown = [
      undefined,
      '',
      'wrong',
      `${INTERNAL_SECRET} `,
      INTERNAL_SECRET.toUpperCase(),
      INTERNAL_SECRET.slice(0, -1)
    ]
    for (const path of Object.values(internalPaths)) {
      for (const secret of shown.filter((one) => one !== `${INTERNAL_SECRET} `)) {
        const headers = secret === undefined ? {} : { [internalSecretHeader]: secret }
        t.equal(
          refusalOf(await new RestClient(internal, headers).post(path, body)),
          '401 unauthenticated',
          `${path} with ${secret}`
        )
      }
      const headers = { [internalSecretHeader]: INTERNAL_SECRET }
      t.equal(refusalOf(await new RestClient(api.url, headers).post(path, body)), '404 not_found', 'public')
      t.equal(
        refusalOf(await new RestClient(gateway.url, headers).post(path, body)),
        '404 not_found',
        'gateway'
      )
    }
    const inside = new RestClient(internal, { [internalSecretHeader]: INTERNAL_SECRET })
    t.match((await inside.post(internalPaths.authenticate, body)).body, { authenticated: null })
    t.equal((await inside.get('/messaging/api/auth/me/')).status, 404, 'nor is the public API there')
  }
)

t.test('SEC-INSIDE a service does not start with a secret that can be guessed', async (t) => {
  const env = { DATABASE_URL, NATS_URL, PORT: '0', INTERNAL_PORT: '0' }
  for (const secret of [{}, { INTERNAL_SECRET: 'short' }])
    await t.rejects(
      runScript('services/conversation-api/src/main.ts', { ...env, ...secret }),
      /INTERNAL_SECRET/
    )
})

t.test('SEC-READY a gateway that drains is not', async (t) => {
  const ann = await signUp(api.url, 'ann')
  const headers = { authorization: `Bearer ${ann.token}` }
  const stays = await openRawWebSocket(gateway.url, { headers })
  await stays.next(({ type }) => type === 'welcome')
  gateway.signal('SIGTERM')
  await stays.next(({ type }) => type === 'move')
  const { status, body } = await gateway.readiness()
  t.match([status, body], [503, { status: 'draining' }])
  await t.rejects(openRawWebSocket(gateway.url, { headers }), /503/, 'and takes nobody in')
  stays.write(textFrame({ type: 'unsubscribe', conversation_id: ann.user.id, ref: 1 }))
  await stays.next(({ ref }) => ref === 1)
  t.equal(await stays.closeCode(10_000), 4000)
})
