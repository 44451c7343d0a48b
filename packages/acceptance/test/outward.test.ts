import { createDecipheriv, createECDH, createHmac, hkdfSync, verify } from 'node:crypto'
import { PushPayload, PushSubscription, validator } from '@parley/contracts'
import { startPostgres } from '@parley/local-servers'
import { testAuthority, type TlsRequest, tlsServer, waitUntil } from '@parley/testing'
import t from 'tap'
import { bodyOf, makeRoom, say, signUp } from '../src/index.ts'
import { runScript } from './service-process.ts'
import { temporaryFolder, testStandalone } from './standalone-fixture.ts'

t.setTimeout(180_000)

const OPERATOR = 'services/conversation-api/src/operator.ts'
const isPayload = validator(PushPayload)

/** A browser's half of a subscription: it can read what is pushed to it (RFC 8291, RFC 8188). */
function makeBrowser() {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  const auth = Buffer.alloc(16, 7)
  const mine = ecdh.getPublicKey()
  return {
    keys: { p256dh: mine.toString('base64url'), auth: auth.toString('base64url') },
    read({ body }: TlsRequest): PushPayload {
      const [salt, theirs] = [body.subarray(0, 16), body.subarray(21, 86)]
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), mine, theirs])
      const secret = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(theirs), auth, info, 32))
      const derive = (what: string, length: number) =>
        Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length))
      const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
      cipher.setAuthTag(body.subarray(-16))
      const padded = Buffer.concat([cipher.update(body.subarray(86, -16)), cipher.final()])
      const payload: unknown = JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString())
      if (!isPayload(payload)) throw new Error(`no payload: ${padded.toString()}`)
      return payload
    }
  }
}

/** The claims of a VAPID header, if its signature is good. */
function claimsOf(authorization: string | undefined, publicKey: string): Record<string, unknown> {
  const [, token = '', key] = /^vapid t=(\S+), k=(\S+)$/.exec(authorization ?? '') ?? []
  const [header = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33)
  }
  const good = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: jwk, format: 'jwk', dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url')
  )
  if (!good || key !== publicKey) throw new Error(`not signed: ${authorization}`)
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}

t.test('NTF-6 NTF-7 NTF-8 HOK-1 HOK-4 what goes out of the house', async (t) => {
  const postgres = await startPostgres({ dataDir: await temporaryFolder(t) })
  t.teardown(() => postgres.stop())
  const DATABASE_URL = postgres.url
  const operate = (...words: string[]) => runScript(OPERATOR, { DATABASE_URL }, words)
  const keys = Object.fromEntries((await operate('vapid')).map((line) => line.split('=') as [string, string]))
  const parley = await testStandalone(t, {
    dataDir: await temporaryFolder(t),
    env: {
      ...keys,
      DATABASE_URL,
      VAPID_SUBJECT: 'mailto:operator@example.org',
      WEBHOOKS: 'on',
      OUTWARD_NETWORKS: 'loopback',
      NODE_EXTRA_CA_CERTS: testAuthority.path
    }
  })
  const [ann, ben] = await Promise.all([signUp(parley.url, 'ann'), signUp(parley.url, 'ben')])
  const room = await makeRoom(ann, ben)

  await t.test('Web Push', async (t) => {
    const browser = makeBrowser()
    const failing = new Set<string>()
    const pushes = await tlsServer(t, ({ path }) => {
      if (path === '/gone') return 410
      return failing.delete(path) ? { status: 503, headers: { 'retry-after': '0' } } : 201
    })
    const subscribe = async (path: string) =>
      bodyOf(
        await ben.api.post('/messaging/api/push/subscriptions/', {
          endpoint: `${pushes.url}${path}`,
          keys: browser.keys
        }),
        201,
        PushSubscription
      )
    const [one] = [await subscribe('/one'), await subscribe('/gone')]
    failing.add('/one')
    const message = await say(ann, room, 'a text that nobody outside reads')
    const arrived = (count: number) =>
      waitUntil(() => pushes.requests.filter(({ path }) => path === '/one').length >= count, {
        message: `${count} pushes`,
        timeout_ms: 20_000
      })
    await arrived(2)
    const [refused, taken] = pushes.requests.filter(({ path }) => path === '/one')
    if (!refused || !taken) throw new Error('two pushes')
    t.strictSame(browser.read(taken), {
      kind: 'message',
      tag: message.id,
      conversation_id: room,
      message_id: message.id,
      seq: message.seq,
      sender: ann.user.display_name
    })
    t.match(taken.headers, { 'content-encoding': 'aes128gcm', ttl: '86400', urgency: 'high' })
    t.match(refused.headers, { topic: taken.headers.topic }, 'a retry takes the place of the first')
    const claims = claimsOf(taken.headers.authorization, keys.VAPID_PUBLIC_KEY ?? '')
    t.match(claims, { aud: pushes.url, sub: 'mailto:operator@example.org', exp: Number })
    const settings = async () =>
      (await ben.api.get('/messaging/api/push/')).body as { items: { id: string }[] }
    await waitUntil(async () => (await settings()).items.length === 1, {
      message: 'who is gone is forgotten'
    })
    t.match(await settings(), { public_key: keys.VAPID_PUBLIC_KEY, items: [{ id: one.id }] })

    await ann.api.delete(`/messaging/api/conversations/${room}/messages/${message.id}/`)
    await arrived(3)
    const last = pushes.requests.findLast(({ path }) => path === '/one')
    t.match(last && browser.read(last), { kind: 'withdrawn', tag: message.id })
    t.equal(last?.headers.topic, taken.headers.topic)

    const socket = await ben.connect('/ws/', { protocol: 'parley.v1' })
    await socket.next(({ type }) => type === 'welcome')
    const here = async () =>
      (await ann.api.get(`/messaging/api/users/${ben.user.id}/presence/`)).body as { status: string }
    await waitUntil(async () => (await here()).status === 'online', { message: 'ben is connected' })
    await say(ann, room, 'to someone who sees it anyway')
    await socket.close()
    await waitUntil(async () => (await here()).status === 'offline', {
      message: 'ben is away again',
      timeout_ms: 20_000
    })
    const later = await say(ann, room, 'to someone who does not')
    await arrived(4)
    const told = pushes.requests.findLast(({ path }) => path === '/one')
    t.equal(told && browser.read(told).message_id, later.id, 'only the one that ben would have missed')
  })

  await t.test('webhooks', async (t) => {
    let down = true
    const hooks = await tlsServer(t, () => (down ? 500 : 204))
    const [line = '{}'] = await operate('webhook', 'add', `${hooks.url}/hook`)
    const { id, secret } = JSON.parse(line)
    const message = await say(ann, room, 'told to the webhook')
    await waitUntil(() => hooks.requests.length >= 2, { message: 'two tries', timeout_ms: 20_000 })
    down = false
    const tries = hooks.requests.length
    const taken = await waitUntil(() => hooks.requests[tries], {
      message: 'one that is taken',
      timeout_ms: 30_000
    })
    const body = taken.body.toString()
    const [, timestamp = '', signature = ''] =
      /^t=(\d+),v1=(\w{64})$/.exec(String(taken.headers['parley-signature'])) ?? []
    t.equal(signature, createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'))
    t.ok(Math.abs(Date.now() / 1_000 - Number(timestamp)) < 60)
    t.match(taken.headers, { 'parley-webhook': id, 'parley-event': `${room}:${message.seq}` })
    t.match(JSON.parse(body), {
      event: 'message.created',
      conversation_id: room,
      seq: message.seq,
      frame: { type: 'message', message: { id: message.id, body: 'told to the webhook' } }
    })
    await operate('webhook', 'replay', id, room, String(message.seq - 1))
    await waitUntil(() => hooks.requests.length >= tries + 2, { message: 'once more', timeout_ms: 20_000 })
    const again = hooks.requests.at(-1)?.body.toString() ?? ''
    t.match(JSON.parse(again), { seq: message.seq, attempt: 1 })
  })
})
