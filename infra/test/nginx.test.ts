// The nginx of infra/nginx for real, before two stand-ins that tell who was asked.
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceFor } from '@parley/contracts'
import { findNginx, freePort, installDebianPackage } from '@parley/local-servers'
import { buildMessagingCenter, siteHeaders } from '@parley/messaging-center'
import t, { type Test } from 'tap'
import { startGate } from '../stack/servers.ts'

const there = findNginx() !== undefined || (await installDebianPackage('nginx'))
const skip = there ? false : 'nginx is not to be had'

interface Asked {
  service: string
  headers: IncomingHttpHeaders
  bytes: number
}

async function standIn(t: Test, service: string): Promise<{ server: Server; port: number }> {
  const server = createServer(async (incoming, reply) => {
    let bytes = 0
    for await (const chunk of incoming) bytes += (chunk as Buffer).length
    reply.end(JSON.stringify({ service, headers: incoming.headers, bytes } satisfies Asked))
  })
  server.on('upgrade', (incoming, socket) => {
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Service: ${service}\r\nX-Host: ${incoming.headers.host}\r\n\r\n`
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

t.test('nginx sends every path where contracts say', { skip }, async (t) => {
  const api = await standIn(t, 'conversation-api')
  const gateway = await standIn(t, 'realtime-gateway')
  const dir = await mkdtemp(join(tmpdir(), 'parley-nginx-'))
  const port = await freePort()
  const upstreams = { api: [await freePort(), api.port], gateway: [gateway.port] }
  const nginx = await startGate(dir, port, upstreams, () => {})
  t.teardown(async () => {
    await nginx.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const ask = async (path: string, init: RequestInit = {}) => fetch(url + path, init)

  const paths = [
    '/messaging/api/conversations/',
    '/messaging/api/conversations/0193/messages/',
    '/messaging/api/conversations/0193/events/',
    '/messaging/api/conversations/0193/events',
    '/messaging/api/conversations/0193/events/more/',
    '/messaging/api/events/',
    '/messaging/api/events',
    '/messaging/api/docs/',
    '/messaging/api',
    '/messaging/apiary/',
    '/api/chats/',
    '/api',
    '/apis',
    '/messaging/nothing',
    '/messaging/assets/',
    '/ws/',
    '/ws',
    '/ws/chat/0193/',
    '/wsx',
    '/internal/execute',
    '/metrics'
  ]
  for (const path of paths) {
    const expected = serviceFor(path)
    const reply = await ask(`${path}?x=1`)
    if (expected === 'conversation-api' || expected === 'realtime-gateway')
      t.equal(((await reply.json()) as Asked).service, expected, path)
    else t.match(await reply.json(), { status: 404, code: 'not_found' }, `${path} is nobody's`)
  }

  await t.test('the messaging center’s files, with the headers that they are to have', async (t) => {
    const site = await buildMessagingCenter()
    const files = globSync('**/*.{html,js,css,svg,png,json,webmanifest}', { cwd: site })
    t.ok(files.length > 3)
    for (const file of files) {
      const reply = await ask(`/messaging/${file}`)
      const text = Buffer.from(await reply.arrayBuffer())
      t.ok(text.equals(readFileSync(join(site, file))), file)
      t.match(Object.fromEntries(reply.headers), siteHeaders(file), file)
      t.equal(reply.headers.has('access-control-allow-origin'), !file.endsWith('.html'), file)
      const etag = reply.headers.get('etag') ?? ''
      t.equal((await ask(`/messaging/${file}`, { headers: { 'if-none-match': etag } })).status, 304)
    }
    const page = await ask('/messaging/')
    t.match(Object.fromEntries(page.headers), {
      ...siteHeaders('index.html'),
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding'
    })
    for (const path of ['/messaging', '/messaging?x=1']) {
      const reply = await ask(path, { redirect: 'manual' })
      t.equal(reply.status, 308)
      t.equal(reply.headers.get('location'), path.replace('/messaging', '/messaging/'))
    }
    t.match(await (await ask('/messaging/', { method: 'POST' })).json(), { code: 'method_not_allowed' })
  })

  await t.test('the front door says where things are, and takes a browser there', async (t) => {
    t.match(await (await ask('/')).json(), { messaging: '/messaging/', api: '/messaging/api/' })
    const browser = await ask('/', { redirect: 'manual', headers: { accept: 'text/html,*/*;q=0.8' } })
    t.equal(browser.status, 302)
    t.equal(browser.headers.get('location'), '/messaging/')
  })

  await t.test(
    'an instance that is down is passed over, and headers are not taken from outside',
    async (t) => {
      for (let n = 0; n < 4; n++) {
        const headers = { 'x-forwarded-for': '9.9.9.9', 'x-request-id': 'mine' }
        const reply = await ask('/messaging/api/auth/login/', { method: 'POST', body: '{}', headers })
        const asked = (await reply.json()) as Asked
        t.match(asked, {
          service: 'conversation-api',
          bytes: 2,
          headers: { host: `127.0.0.1:${port}`, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' }
        })
        t.match(asked.headers['x-request-id'], /^[0-9a-f]{32}$/)
      }
    }
  )

  await t.test('upgrades reach the gateway', async (t) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' }
    const asking = request(`${url}/ws/chat/0193/`, { headers }).end()
    const [reply, socket] = await once(asking, 'upgrade')
    t.match(reply, {
      statusCode: 101,
      headers: { 'x-service': 'realtime-gateway', 'x-host': `127.0.0.1:${port}` }
    })
    socket.destroy()
  })

  await t.test('what nginx itself refuses is a problem too', async (t) => {
    const large = await ask('/messaging/api/x', { method: 'POST', body: 'x'.repeat(400_000) })
    t.match(await large.json(), { status: 413, code: 'payload_too_large' })
    gateway.server.closeAllConnections()
    gateway.server.close()
    const gone = await ask('/messaging/api/events/')
    t.match(gone, { status: 503 })
    t.equal(gone.headers.get('retry-after'), '1')
    t.match(gone.headers.get('content-type'), 'application/problem+json')
    t.match(await gone.json(), { status: 503, code: 'unavailable' })
  })
})
