import { waitUntil } from '@parley/testing'
import t from 'tap'
import { eraseTraces, requestErasure } from '../../src/moderation/erase-user.ts'
import { exportUser } from '../../src/moderation/export-store.ts'
import { eraseUser, grantAdmin, revokeAdmin } from '../../src/moderation/operator-actions.ts'
import { api, idsOf, type Person } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off', ATTACHMENTS_DIR: t.testdir() })
const [ann, bob, cat, eve, root] = await Promise.all(
  ['ann', 'bob', 'cat', 'eve', 'root'].map((name) => service.person(name))
)
if (!ann || !bob || !cat || !eve || !root) throw new Error('nobody')
await grantAdmin(service, 'ROOT')

async function room(owner: Person, ...others: Person[]): Promise<string> {
  return (await owner.post('conversations/', { member_ids: idsOf(...others) })).body.id
}

async function say(who: Person, conversation_id: string, body: string) {
  return (await who.post(`conversations/${conversation_id}/messages/`, { body })).body
}

const codes = (...replies: { status: number; body: { code?: string } | undefined }[]) =>
  replies.map(({ status, body }) => `${status} ${body?.code ?? ''}`.trim())

t.test('a message is reported once a person, and settled for all who reported it', async (t) => {
  const here = await room(ann, bob, cat)
  const message = await say(bob, here, 'something bad')
  const path = `conversations/${here}/messages/${message.id}/reports/`
  const report = await cat.post(path, { reason: 'rude' })
  t.match(report, {
    status: 201,
    body: { reason: 'rude', reporter: cat.user, message: { id: message.id }, resolution: null }
  })
  t.match(await cat.post(path, { reason: 'again' }), {
    status: 200,
    body: { id: report.body.id, reason: 'rude' }
  })
  await ann.post(path, { reason: 'me too' })
  t.strictSame(codes(await eve.post(path, { reason: 'x' }), await cat.post(path, { reason: ' ' })), [
    '404 not_found',
    '400 validation_failed'
  ])
  const queue = `conversations/${here}/reports/`
  t.strictSame(codes(await cat.get(queue), await eve.get(queue)), ['403 forbidden', '404 not_found'])
  const first = (await ann.get(`${queue}?limit=1`)).body
  t.strictSame(first.items, [report.body])
  const second = (await ann.get(`${queue}?limit=1&cursor=${first.next_cursor}`)).body
  t.match(second, { items: [{ reason: 'me too' }], next_cursor: null })

  const resolve = `${queue}${report.body.id}/resolve/`
  t.strictSame(codes(await cat.post(resolve, { resolution: 'removed' })), ['403 forbidden'])
  const other = await room(ann)
  const elsewhere = `conversations/${other}/reports/${report.body.id}/resolve/`
  t.strictSame(codes(await ann.post(elsewhere, { resolution: 'removed' })), ['404 not_found'])
  const settled = await ann.post(resolve, { resolution: 'removed' }, { 'idempotency-key': 'r1' })
  t.match(settled, { status: 200, body: { resolution: 'removed', message: { body: null } } })
  t.equal(
    (await ann.post(resolve, { resolution: 'removed' }, { 'idempotency-key': 'r1' })).headers[
      'idempotent-replay'
    ],
    'true'
  )
  t.strictSame((await ann.get(queue)).body.items, [])
  t.strictSame(codes(await bob.post(path, { reason: 'late' })), ['409 message_deleted'])
  const { items } = (await bob.get(`conversations/${here}/changes/?since=${message.seq}`)).body
  t.match(items, [{ type: 'message_deleted', message_id: message.id }])
  t.strictSame(await service.sparseLines(), [])
})

t.test('admins of the deployment see all reports and settle them; nobody else does', async (t) => {
  const here = await room(ann, bob)
  const [kept, gone] = [await say(bob, here, 'harmless'), await say(bob, here, 'harmful')]
  const reports = await Promise.all(
    [kept, gone].map(({ id }) => ann.post(`conversations/${here}/messages/${id}/reports/`, { reason: 'see' }))
  )
  const [of_kept, of_gone] = reports.map(({ body }) => body.id)
  t.strictSame(codes(await ann.get('admin/reports/'), await ann.get('admin/audit/')), [
    '403 forbidden',
    '403 forbidden'
  ])
  t.strictSame(codes(await ann.post(`admin/reports/${of_gone}/resolve/`, { resolution: 'removed' })), [
    '403 forbidden'
  ])
  t.equal((await root.get('admin/reports/')).body.items.length, 2)
  t.match(await root.post(`admin/reports/${of_kept}/resolve/`, { resolution: 'dismissed' }), {
    status: 200,
    body: { resolution: 'dismissed', message: { body: 'harmless' } }
  })
  t.equal((await root.post(`admin/reports/${of_gone}/resolve/`, { resolution: 'removed' })).status, 200)
  t.equal((await bob.get(`conversations/${here}/messages/${gone.id}/`)).body.body, null)
  t.strictSame((await root.get('admin/reports/')).body.items, [])
  t.strictSame(codes(await root.get(`conversations/${here}/`)), ['404 not_found'], 'an admin is no member')
  const audit = (await root.get('admin/audit/?limit=2')).body
  t.match(audit.items, [
    { action: 'report.remove', actor_id: root.user.id, message_id: gone.id, conversation_id: here },
    { action: 'report.dismiss', actor_id: root.user.id, message_id: kept.id }
  ])
  t.match((await root.get(`admin/audit/?cursor=${audit.next_cursor}`)).body.items, [
    { action: 'admin.grant', actor_id: null }
  ])
  await revokeAdmin(service, 'root')
  t.strictSame(codes(await root.get('admin/reports/')), ['403 forbidden'])
  await grantAdmin(service, 'root')
  t.notOk(await grantAdmin(service, 'nobody'))
})

t.test('a ban removes, keeps out, and ends', async (t) => {
  const here = await room(ann, bob, cat)
  await ann.patch(`conversations/${here}/`, { public: true })
  await ann.patch(`conversations/${here}/members/${bob.user.id}/`, { role: 'admin' })
  const path = (who: Person) => `conversations/${here}/bans/${who.user.id}/`
  const { head } = (await ann.get(`conversations/${here}/`)).body
  t.strictSame(
    codes(
      await cat.put(path(bob), {}),
      await bob.put(path(ann), {}),
      await bob.put(path(bob), {}),
      await eve.put(path(cat), {}),
      await bob.put(path(cat), { expires_at: '2020-01-01T00:00:00.000Z' })
    ),
    ['403 forbidden', '403 forbidden', '403 forbidden', '404 not_found', '400 validation_failed']
  )
  const expires_at = new Date(Date.now() + 3_600_000).toISOString()
  const banned = await bob.put(path(cat), { expires_at, reason: 'spam' }, { 'idempotency-key': 'b1' })
  t.match(banned, {
    status: 200,
    body: { user: cat.user, banned_by: bob.user.id, reason: 'spam', expires_at }
  })
  t.equal(
    (await bob.put(path(cat), { expires_at, reason: 'spam' }, { 'idempotency-key': 'b1' })).headers[
      'idempotent-replay'
    ],
    'true'
  )
  const { items } = (await ann.get(`conversations/${here}/changes/?since=${head}`)).body
  t.match(items, [{ type: 'member_removed', user_id: cat.user.id, seq: head + 1 }])
  t.strictSame(codes(await cat.get(`conversations/${here}/`)), ['404 not_found'])
  t.strictSame(
    codes(
      await ann.post(`conversations/${here}/members/`, { user_id: cat.user.id }),
      await cat.post(`conversations/${here}/join/`)
    ),
    ['403 banned', '403 banned']
  )
  t.strictSame((await ann.get(`conversations/${here}/bans/`)).body.items, [banned.body])
  await service.pool.query(`update bans set expires_at = now() - interval '1 second'`)
  t.strictSame((await ann.get(`conversations/${here}/bans/`)).body.items, [])
  t.equal((await cat.post(`conversations/${here}/join/`)).status, 201)
  await ann.put(path(eve), {})
  t.strictSame(
    codes(await eve.post(`conversations/${here}/join/`)),
    ['403 banned'],
    'who was no member can be banned too'
  )
  t.equal((await ann.delete(path(eve))).status, 204)
  t.equal((await eve.post(`conversations/${here}/join/`)).status, 201)
  t.strictSame(await service.sparseLines(), [])
})

t.test('one user’s data is exported whole, by admins only', async (t) => {
  const dan = await service.person('dan')
  const here = await room(ann, dan)
  const sent = []
  for (let n = 0; n < 3; n++) sent.push(await say(dan, here, `mine ${n}`))
  const hers = await say(ann, here, 'not his')
  await dan.put(`conversations/${here}/messages/${hers.id}/reactions/${encodeURIComponent('👍')}/`)
  const path = `admin/users/${dan.user.id}/export/`
  t.strictSame(codes(await ann.get(path)), ['403 forbidden'])
  const { body, headers } = await root.get(path)
  t.match(headers['content-disposition'], /^attachment/)
  t.match(body, {
    user: { username: 'dan' },
    memberships: [{ conversation_id: here }],
    messages: sent.map(({ id, body: text }) => ({ id, body: text })),
    reactions: [{ message_id: hers.id, emoji: '👍' }]
  })
  t.notMatch(JSON.stringify(body), /not his|password|token/)
  t.equal(await exportUser(service.db, here), undefined)
  t.match((await root.get('admin/audit/?limit=1')).body.items, [
    { action: 'user.export', user_id: dan.user.id }
  ])
})

t.test('erasure leaves nothing of a user, through the number line, however often it is cut', async (t) => {
  const mal = await service.person('mal')
  const here = await room(ann, mal)
  const dead = await room(mal, ann)
  await say(mal, dead, 'secret in a deleted place')
  await mal.delete(`conversations/${dead}/`)
  const sends = Array.from({ length: 205 }, (_, n) => ({
    user: mal.user,
    conversation_id: here,
    body: `secret ${n}`
  }))
  await Promise.all(sends.map((send) => service.app.writer.send(send)))
  const hers = await say(ann, here, 'stays')
  await mal.put(`conversations/${here}/messages/${hers.id}/reactions/${encodeURIComponent('👍')}/`)
  const reported = await mal.post(`conversations/${here}/messages/${hers.id}/reports/`, {
    reason: 'secret reason'
  })
  t.equal(reported.status, 201)
  const path = `admin/users/${mal.user.id}/erasure/`
  t.strictSame(codes(await ann.post(path)), ['403 forbidden'])
  t.match(await root.post(path), { status: 202, body: { user_id: mal.user.id, finished_at: null } })
  t.strictSame(codes(await mal.get('auth/me/')), ['401 unauthenticated'], 'at once')
  await waitUntil(async () => (await root.post(path)).body.finished_at, {
    message: 'it is finished',
    timeout_ms: 20_000
  })
  const { rows } = await service.pool.query(
    `select body from messages where sender_id = $1 and (body is not null or deleted_at is null)
     union all select body from message_search where sender_id = $1
     union all select emoji from reactions where user_id = $1
     union all select username from users where id = $1 and (username ~ 'mal' or display_name ~* 'mal')
     union all select reason from reports where reporter_id = $1 and reason <> ''`,
    [mal.user.id]
  )
  t.strictSame(rows, [])
  t.match((await ann.get(`conversations/${here}/messages/${hers.id}/`)).body, {
    body: 'stays',
    reactions: []
  })
  const { head } = (await ann.get(`conversations/${here}/`)).body
  await Promise.all([eraseTraces(service.app, mal.user.id), eraseTraces(service.app, mal.user.id)])
  t.equal((await ann.get(`conversations/${here}/`)).body.head, head, 'again changes nothing')
  t.strictSame(await service.sparseLines(), [])
  t.notOk(await requestErasure(service.app, { user_id: here, actor_id: null }))
})

t.test('an operator erases by name', async (t) => {
  const zed = await service.person('zed')
  const here = await room(ann, zed)
  const { id } = await say(zed, here, 'soon gone')
  t.ok(await eraseUser(service.app, 'Zed'))
  t.match((await ann.get(`conversations/${here}/messages/${id}/`)).body, {
    body: null,
    sender: { display_name: 'Erased user' }
  })
  t.notOk(await eraseUser(service.app, 'zed'))
})
