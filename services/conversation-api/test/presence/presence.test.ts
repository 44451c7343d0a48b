import { randomUUIDv7 } from 'node:crypto'
import { limits, type PresenceReport } from '@parley/contracts'
import { pino } from 'pino'
import t from 'tap'
import { PresenceSweeper } from '../../src/presence/presence-sweeper.ts'
import { type Api, api, idsOf } from '../api-harness.ts'

/** A gateway as the api hears of it; it begins with a full report of nobody. */
async function gateway(service: Api) {
  const gateway_id = randomUUIDv7()
  let report = 0
  let since: number | null = null
  async function tell(users: PresenceReport['users'] = {}, more: Partial<PresenceReport> = {}) {
    const reply = await service.api.presence({
      gateway_id,
      report: ++report,
      full: false,
      users,
      since,
      ...more
    })
    since = reply.head
    return reply
  }
  await tell({}, { full: true })
  return { gateway_id, tell, count: () => report }
}

async function people(test: Parameters<typeof api>[0]) {
  const service = await api(test)
  const [ann, ben, eve] = [
    await service.person('ann'),
    await service.person('ben'),
    await service.person('eve')
  ]
  const room = (await ann.post('conversations/', { member_ids: idsOf(ben) })).body.id as string
  const seenBy = async (who: typeof ann, whom: typeof ann) =>
    (await who.get(`users/${whom.user.id}/presence/`)).body
  return { ...service, service, ann, ben, eve, room, seenBy }
}

t.test('PRS-2 the best of all devices, wherever they are connected', async (t) => {
  const { service, ann, ben, room, seenBy } = await people(t)
  const [one, two] = [await gateway(service), await gateway(service)]
  const id = ann.user.id
  t.strictSame(await seenBy(ben, ann), { user_id: id, status: 'offline' }, 'never here')

  const steps: [typeof one, PresenceReport['users'][string], string][] = [
    [one, 'away', 'away'],
    [two, 'online', 'online'],
    [one, 'offline', 'online'],
    [one, 'away', 'online'],
    [two, 'away', 'away'],
    [two, 'offline', 'away']
  ]
  for (const [at, told, seen] of steps) {
    await at.tell({ [id]: told })
    t.strictSame(await seenBy(ben, ann), { user_id: id, status: seen }, `${told} makes ${seen}`)
  }
  const { changes } = await two.tell()
  t.strictSame(changes, [], 'who asked with the last report has heard it all')
  t.match(await one.tell({ [id]: 'offline' }), {
    changes: [{ user_id: id, status: 'offline', last_seen_at: String, rooms: [room] }]
  })
  t.match((await two.tell()).changes, [{ user_id: id, status: 'offline' }], 'every gateway hears of it')
  t.match(await seenBy(ben, ann), { status: 'offline', last_seen_at: /^\d{4}-.*Z$/ })
})

t.test('PRS-2 two gateways that lose someone at the same moment leave no ghost', async (t) => {
  const { service, ann, ben, seenBy } = await people(t)
  const gateways = await Promise.all(Array.from({ length: 4 }, () => gateway(service)))
  const all = (status: PresenceReport['users'][string]) =>
    Promise.all(gateways.map(({ tell }) => tell({ [ann.user.id]: status, [ben.user.id]: status })))
  for (let n = 0; n < 15; n++) {
    await all('online')
    t.match(await seenBy(ben, ann), { status: 'online' })
    await all('offline')
    t.match(await seenBy(ben, ann), { status: 'offline' })
  }
})

t.test('PRS-3 a gateway that reports no more keeps nobody here', async (t) => {
  const { service, db, ann, ben, seenBy } = await people(t)
  const [dead, alive] = [await gateway(service), await gateway(service)]
  await dead.tell({ [ann.user.id]: 'online', [ben.user.id]: 'online' })
  await alive.tell({ [ben.user.id]: 'away' })
  const sweeper = new PresenceSweeper(db, pino({ level: 'silent' }))
  t.equal(await sweeper.sweep(), 0, 'nothing has run out')
  await db
    .updateTable('presence_gateways')
    .set({ expires_at: new Date(0) })
    .where('id', '=', dead.gateway_id)
    .execute()
  t.equal(await sweeper.sweep(), 2)
  t.match(await seenBy(ben, ann), { status: 'offline', last_seen_at: String })
  t.match(await seenBy(ann, ben), { status: 'away' }, 'their other devices count')
  const told = (await alive.tell()).changes.map(({ user_id, status }) => [user_id, status] as const)
  t.strictSame(
    new Map(told),
    new Map([
      [ann.user.id, 'offline'],
      [ben.user.id, 'away']
    ])
  )

  t.equal((await dead.tell({ [ann.user.id]: 'away' })).known, false, 'it was not dead after all')
  t.match(await seenBy(ben, ann), { status: 'offline' }, 'a part of what it knows is not taken')
  t.equal((await dead.tell()).known, false)
  await dead.tell({ [ann.user.id]: 'online' }, { full: true })
  t.match(await seenBy(ben, ann), { status: 'online' })
  await dead.tell({}, { full: true })
  t.match(await seenBy(ben, ann), { status: 'offline' }, 'a full report ends what it does not name')
})

t.test('PRS-3 a report that was held up changes nothing', async (t) => {
  const { service, ann, ben, seenBy } = await people(t)
  const { tell, count } = await gateway(service)
  const held_up = count() + 1
  await tell({ [ann.user.id]: 'online' })
  await tell({ [ann.user.id]: 'offline' })
  t.match(await tell({ [ann.user.id]: 'online' }, { report: held_up }), { known: true })
  t.match(await seenBy(ben, ann), { status: 'offline' })
})

t.test('PRS-4 who hides is offline to others, and nothing tells when they come and go', async (t) => {
  const { service, ann, ben, room, seenBy } = await people(t)
  const { tell } = await gateway(service)
  await tell({ [ann.user.id]: 'online', [ben.user.id]: 'online' })
  await tell()
  t.strictSame((await ann.get('privacy/')).body, { hide_presence: false, hide_reads: false })
  const key = { 'idempotency-key': 'hide' }
  t.match(await ann.patch('privacy/', { hide_presence: true }, key), {
    status: 200,
    body: { hide_presence: true }
  })
  const nothing = { user_id: ann.user.id, status: 'offline' }
  t.strictSame((await tell()).changes, [{ ...nothing, rooms: [room] }], 'it looks as if they had left')
  t.strictSame(await seenBy(ben, ann), nothing)
  t.match(await seenBy(ann, ann), { status: 'online' }, 'one sees oneself')
  t.strictSame((await ben.get(`conversations/${room}/presence/`)).body.items, [
    { user_id: ben.user.id, status: 'online' }
  ])
  for (const status of ['offline', 'online', 'away', 'offline'] as const) {
    await tell({ [ann.user.id]: status })
    t.strictSame((await tell()).changes, [], `nobody hears of ${status}`)
    t.strictSame(await seenBy(ben, ann), nothing)
  }
  await tell({ [ann.user.id]: 'away' })
  t.match(await ann.patch('privacy/', { hide_presence: false }), { body: { hide_presence: false } })
  t.match((await tell()).changes, [{ status: 'away', rooms: [room] }])
  t.match(await seenBy(ben, ann), { status: 'away' })
  t.match(await ann.patch('privacy/', { hide_presence: true }, key), {
    headers: { 'idempotent-replay': 'true' },
    body: { hide_presence: false }
  })
  t.match(await ann.patch('privacy/', { hide_presence: 'yes' }), {
    status: 400,
    body: { code: 'validation_failed' }
  })
})

t.test('PRS-1 SEC-PRESENCE only people who share a conversation see it', async (t) => {
  const { service, ann, ben, eve, room, call } = await people(t)
  const { tell } = await gateway(service)
  await tell({ [ann.user.id]: 'online' })
  await tell()
  const ask = (who: typeof ann, id: string) => who.get(`users/${id}/presence/`)
  const [hidden, absent] = [await ask(eve, ann.user.id), await ask(eve, randomUUIDv7())]
  t.equal(hidden.status, 404)
  t.strictSame(hidden.body, absent.body, 'absent and forbidden are alike')
  t.equal((await eve.get(`conversations/${room}/presence/`)).status, 404)
  t.equal((await ask(ben, 'nonsense')).status, 404)
  for (const path of [`users/${ann.user.id}/presence/`, 'privacy/', `conversations/${room}/presence/`])
    t.equal((await call('GET', path)).status, 401)

  await ann.delete(`conversations/${room}/members/${ben.user.id}/`)
  t.equal((await ask(ben, ann.user.id)).status, 404, 'nor who was removed')
  t.equal((await ask(ann, ben.user.id)).status, 404, 'nor the other way round')
  await tell({ [ann.user.id]: 'away' })
  await ann.post(`conversations/${room}/members/`, { user_id: ben.user.id })
  t.match(await ask(ben, ann.user.id), { status: 200, body: { status: 'away' } })
  await ann.delete(`conversations/${room}/`)
  t.equal((await ask(ben, ann.user.id)).status, 404, 'nor through a deleted conversation')
  t.strictSame((await tell({ [ann.user.id]: 'online' })).changes.at(-1)?.rooms, [])
})

t.test(
  'PRS-5 members who are here are listed in pages; large groups are not told of every change',
  async (t) => {
    const { service, db, ann, ben, room } = await people(t)
    const more = await Promise.all(Array.from({ length: 5 }, (_, n) => service.person(`more${n}`)))
    for (const one of more) await ann.post(`conversations/${room}/members/`, { user_id: one.user.id })
    const { tell } = await gateway(service)
    const here = [ann, ...more]
    await tell(Object.fromEntries(here.map(({ user }, n) => [user.id, n % 2 ? 'away' : 'online'])))
    const listed: { user_id: string; status: string }[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await ben.get(
        `conversations/${room}/presence/?limit=4${cursor && `&cursor=${cursor}`}`
      )
      listed.push(...body.items)
      cursor = body.next_cursor
    }
    t.strictSame(
      listed,
      here
        .map(({ user }, n) => ({ user_id: user.id, status: n % 2 ? 'away' : 'online' }))
        .toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1))
    )
    t.equal((await ben.get(`conversations/${room}/presence/?cursor=x`)).status, 400)

    await db
      .updateTable('conversations')
      .set({ member_count: limits.presence_members + 1 })
      .where('id', '=', room)
      .execute()
    t.strictSame((await tell({ [ben.user.id]: 'online' })).changes.at(-1)?.rooms, [])
    t.match((await ann.get(`conversations/${room}/presence/`)).body.items, { length: 7 })
  }
)
