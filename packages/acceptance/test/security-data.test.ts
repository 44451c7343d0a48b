// What is kept, said and logged: nothing more than somebody asked for and may see.
import { randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSocket, waitUntil } from '@parley/testing'
import t from 'tap'
import {
  cookieOf,
  makeRoom,
  type Person,
  refusalOf,
  refusedUpgrade,
  RestClient,
  say,
  signUp,
  workspaceRoot
} from '../src/index.ts'
import { databaseText } from './database-text.ts'
import { embeddedParley, securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const CONVERSATIONS = '/messaging/api/conversations/'

t.test('on a database that the test can look into', async (t) => {
  const { url, database } = await securedParley(t)
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const anyone = new RestClient(url)

  t.test('SEC-DATA every object in every answer is closed', async (t) => {
    const { body } = await anyone.get('/messaging/api/docs/json')
    const document = body as {
      paths: Record<string, object>
      components: { schemas: Record<string, object> }
    }
    const inAnswers = new Set<string>()
    const answers = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { responses: object }>).map(([method, { responses }]) => ({
        where: `${method} ${path}`,
        schema: responses
      }))
    )
    const open: string[] = []
    const look = (where: string, node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      const { $ref, type, additionalProperties } = node as Record<string, unknown>
      const name = typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined
      if (name !== undefined && !inAnswers.has(name)) {
        inAnswers.add(name)
        look(name, document.components.schemas[name])
      }
      if (type === 'object' && additionalProperties !== false) open.push(where)
      for (const child of Object.values(node)) look(where, child)
    }
    for (const { where, schema } of answers) look(where, schema)
    t.strictSame(open, [])
    t.ok(inAnswers.has('Message') && inAnswers.has('Problem'), [...inAnswers].join())
  })

  t.test('SEC-DATA an answer holds what its schema says, and no password hash', async (t) => {
    const room = await makeRoom(ann, ben)
    await say(ben, room, 'hello')
    for (const path of [
      '/messaging/api/auth/me/',
      `/messaging/api/users/?q=ben`,
      `${CONVERSATIONS}${room}/members/`
    ]) {
      const text = JSON.stringify((await ann.api.get(path)).body)
      t.notMatch(text, /argon2|password|token|hash|disabled|rooms_version|address/, path)
    }
  })

  t.test('SEC-DATA a deleted message keeps no body, anywhere', async (t) => {
    const canary = `deleted${randomBytes(8).toString('hex')}`
    const room = await makeRoom(ann, ben)
    const path = `${CONVERSATIONS}${room}/`
    const { id } = await say(ann, room, `first ${canary}`)
    await ann.api.post(`${path}messages/`, { body: `keyed ${canary}`, client_id: 'a-key' })
    await ann.api.ask(
      'PATCH',
      `${path}messages/${id}/`,
      { body: `edited ${canary}` },
      { 'idempotency-key': 'edit-key' }
    )
    await ben.api.ask('PUT', `${path}messages/${id}/reactions/${encodeURIComponent('👍')}/`)
    const { items } = (await ann.api.get(`${path}messages/`)).body as { items: { id: string; seq: number }[] }
    for (const message of items) t.equal((await ann.api.delete(`${path}messages/${message.id}/`)).status, 204)

    t.notOk((await databaseText(database)).includes(canary), 'not in the database')
    const since = await ben.connect(`/ws/chat/${room}/?since=0`, { protocol: 'parley.v1' })
    await since.next(({ type }) => type === 'subscribed')
    const old = await ben.connect(`/ws/chat/${room}/?since=0`)
    await waitUntil(() => old.frames.length >= 2, { message: 'the deletions' })
    const reads = await Promise.all(
      [
        `${path}`,
        `${path}messages/`,
        `${path}messages/${id}/`,
        `${path}changes/?since=0`,
        CONVERSATIONS,
        '/messaging/api/notifications/',
        `/api/chats/${room}/messages/`
      ].map(async (one) => (await ben.api.get(one)).body)
    )
    // A retry of what was deleted finds the tombstone.
    const retry = await ann.api.post(`${path}messages/`, { body: `keyed ${canary}`, client_id: 'a-key' })
    t.match([retry.status, retry.body], [200, { body: null }])
    const seen = JSON.stringify([reads, since.frames, old.frames, retry.body])
    t.notOk(seen.includes(canary), 'not in any answer or frame')
    t.match(seen, /"deleted_at":"\d/)
    await Promise.all([since.close(), old.close()])
  })

  t.test('SEC-DATA an error of our own tells nothing of it', async (t) => {
    const canary = `broken${randomBytes(8).toString('hex')}`
    const room = await makeRoom(ann)
    await database.query('alter table messages rename column body to body_moved')
    const path = `${CONVERSATIONS}${room}/messages/`
    const answers = [await ann.api.get(path), await ann.api.post(path, { body: canary })]
    await database.query('alter table messages rename column body_moved to body')
    for (const answer of answers) t.match(refusalOf(answer), /^(500 internal|503 unavailable)$/)
    t.notMatch(
      JSON.stringify(answers.map(({ body }) => body)),
      /column|relation|body_moved|select|\.ts|broken/
    )
    await say(ann, room, 'works again')
  })

  t.test(
    'SEC-DATA answers may not be framed, sniffed or kept, and pages run no script of their own text',
    async (t) => {
      const answers = [
        await ann.api.get('/messaging/api/auth/me/'),
        await anyone.get('/messaging/api/auth/me/'),
        await anyone.get('/messaging/api/nowhere/'),
        await anyone.post('/api/login/', '{')
      ]
      for (const { request, headers } of answers) {
        t.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'", request)
        t.equal(headers.get('x-content-type-options'), 'nosniff')
        t.equal(headers.get('x-frame-options'), 'DENY')
        t.equal(headers.get('cache-control'), 'no-store')
        t.notMatch([...headers.keys()], ['x-powered-by'])
      }
      for (const path of ['/messaging/api/docs/', '/messaging/', '/']) {
        const { headers, body } = await anyone.get(path)
        if (!headers.get('content-type')?.startsWith('text/html')) continue
        const policy = headers.get('content-security-policy') ?? ''
        t.match(policy, /default-src '(none|self)'/, path)
        t.match(policy, /frame-ancestors 'none'/)
        t.notMatch(policy, /script-src[^;]*(unsafe|\*|data:|http:)/)
        const scripts = [...String(body).matchAll(/<script\b([^>]*)>([^<]*)/g)]
        for (const [, attributes = '', inline = ''] of scripts) {
          t.match(attributes, /src="\.?\/?[^/:]/, 'a file of this origin')
          t.equal(inline.trim(), '')
        }
        t.notMatch(String(body), /\son\w+=|javascript:/i)
      }
    }
  )

  t.test('SEC-OUTWARD a browser that is pushed to is the only address the API takes', async (t) => {
    // Whatever else should take one is called through the notifier's OutwardClient, which refuses internal addresses.
    const { body } = await anyone.get('/messaging/api/docs/json')
    const { paths, components } = body as { paths: object; components: { schemas: Record<string, object> } }
    const { NewPushSubscription: _, PushSubscription: __, ...schemas } = components.schemas
    t.notMatch(
      JSON.stringify([paths, schemas]),
      /"format":"(uri|url|hostname|ipv4|ipv6)"|"(callback|webhook|endpoint|target)?_?url":|"endpoint":/i
    )
  })
})

t.test('SEC-DATA the page writes text as text', async (t) => {
  const files = globSync('packages/{client,messaging-center}/{src,test-page}/**/*.{ts,tsx,js,html}', {
    cwd: workspaceRoot
  })
  const markup =
    /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|new Function|\beval\(/
  const offenders = files.filter((file) => markup.test(readFileSync(join(workspaceRoot, file), 'utf8')))
  t.strictSame(offenders, [], `${files.length} files`)
})

t.test('SEC-DATA neither logs nor metrics hold what people write or prove themselves with', async (t) => {
  const parley = await embeddedParley(t, { LOG_LEVEL: 'debug' })
  const { url } = parley
  const canary = `canary${randomBytes(8).toString('hex')}`
  const anyone = new RestClient(url)
  const account = { username: `ann-${randomBytes(4).toString('hex')}`, password: `password ${canary}` }
  const registered = await anyone.post('/messaging/api/auth/register/', account)
  await anyone.post('/messaging/api/auth/login/', { ...account, password: `wrong ${canary}` })
  await anyone.post('/api/login/', { ...account, secret: canary })
  await anyone.post('/messaging/api/auth/login/', `{"password":"${canary}`)
  await anyone.post('/messaging/api/auth/login/', canary, { 'content-type': `text/${canary}` })
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const room = await makeRoom(ann, ben)
  const secrets = [
    canary,
    ann.token,
    cookieOf(registered).split('=')[1] ?? '',
    ann.cookie.split('=')[1] ?? ''
  ]
  await talk(url, { ann, ben, room, canary, secrets })

  t.equal(secrets.length, 5)
  const logs = await parley.logs()
  const metrics = String((await anyone.get('/metrics')).body)
  t.match(logs, /"request completed"/, 'it does log at this level')
  t.match(metrics, /http_request_duration_seconds_bucket\{.*route="/)
  for (const secret of secrets) {
    t.ok(secret.length > 20)
    t.notOk(logs.includes(secret), 'logs')
    t.notOk(metrics.includes(secret), 'metrics')
  }
  for (const id of [room, ann.user.id, ann.user.username])
    t.notOk(metrics.includes(id), 'metrics name nobody')
})

/** Says the canary over every way there is to say something, also where it is refused. */
async function talk(
  url: string,
  {
    ann,
    ben,
    room,
    canary,
    secrets
  }: { ann: Person; ben: Person; room: string; canary: string; secrets: string[] }
): Promise<void> {
  const path = `${CONVERSATIONS}${room}/messages/`
  const { id } = await say(ann, room, `over REST ${canary}`)
  await ann.api.ask('PATCH', `${path}${id}/`, { body: `edited ${canary}` })
  await ann.api.ask('PATCH', `${CONVERSATIONS}${room}/`, { title: `title ${canary}` })
  await ann.api.post(path, { body: `unknown field ${canary}`, [canary]: canary })
  await ann.api.post(path, { body: `${canary} ${'x'.repeat(300_000)}` })
  await ann.api.post(`/api/chats/${room}/send_message/`, { content: `second dialect ${canary}` })
  await ann.api.get(`/messaging/api/users/?q=${canary}`)
  const { ticket } = (await ann.api.post('/messaging/api/auth/ticket/')).body as { ticket: string }
  secrets.push(ticket)
  const ticketed = () => openSocket(`${url}/ws/?ticket=${ticket}`, { protocol: 'parley.v1' })
  await (await ticketed()).close()
  await refusedUpgrade(ticketed())
  await refusedUpgrade(ben.connect(`/ws/chat/${room}/?since=${canary}`))
  const refused = await new RestClient(url, { authorization: `Bearer ${canary}` }).get(
    '/messaging/api/auth/me/'
  )
  if (refusalOf(refused) !== '401 unauthenticated') throw new Error('a canary opened the cage')

  const v1 = await ann.connect('/ws/', { protocol: 'parley.v1' })
  const simple = await ann.connect(`/ws/chat/${room}/`)
  const notifications = await ben.connect('/ws/notifications/')
  const frame = { type: 'send', conversation_id: room, client_id: 'one', body: `over a socket ${canary}` }
  v1.send({ ...frame, ref: 1 })
  await v1.next(({ ref }) => ref === 1)
  v1.send({ ...frame, [canary]: canary, ref: 2 })
  await v1.next(({ ref }) => ref === 2)
  v1.send(`{"${canary}`)
  await v1.next(({ code }) => code === 'malformed_frame')
  simple.send({ content: `simple ${canary}` })
  await simple.next(({ type, message }) => type === 'message' && JSON.stringify(message).includes('simple'))
  await notifications.next(({ preview }) => String(preview).includes('simple'))
  simple.send(Buffer.from(canary))
  await simple.closed
  await Promise.all([v1.close(), notifications.close()])
}
