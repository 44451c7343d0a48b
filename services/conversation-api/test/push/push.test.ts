import { randomUUIDv7 } from 'node:crypto'
import type { PushOutcome } from '@parley/contracts'
import { sql } from 'kysely'
import t from 'tap'
import { api, idsOf, type Person } from '../api-harness.ts'

const publicKey = 'B'.repeat(87)
const service = await api(t, { RATE_LIMITS: 'off', VAPID_PUBLIC_KEY: publicKey })
const { db, notifier } = service
const [ann, ben, eve] = [
  await service.person('ann'),
  await service.person('ben'),
  await service.person('eve')
]

let browsers = 0
const browser = () => ({
  endpoint: `https://push.example.org/${++browsers}`,
  keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) }
})
const subscribe = (who: Person, which = browser()) => who.post('push/subscriptions/', which)
const group = async (...others: Person[]) =>
  (await ann.post('conversations/', { member_ids: idsOf(...others) })).body.id as string
const send = async (by: Person, id: string, body = 'a secret text') =>
  (await by.post(`conversations/${id}/messages/`, { body })).body
/** As the notifier would, on hearing of it. */
const hear = (
  kind: 'message.created' | 'message.deleted',
  message: { id: string; conversation_id: string; seq: number }
) =>
  notifier.queuePushes([
    {
      kind,
      conversation_id: message.conversation_id,
      seq: message.seq,
      subject_id: message.id,
      actor_id: ann.user.id
    }
  ])
const settle = async (result: PushOutcome['result'], retry_after_ms = 0) => {
  const taken = await notifier.takePushes(100)
  await notifier.settlePushes(
    taken.map(({ subscription_id, payload }) => {
      const { message_id, kind } = payload
      return { subscription_id, message_id, kind, result, retry_after_ms }
    })
  )
  return taken
}
const makeDue = () => sql`update push_queue set due_at = now() - interval '1 s'`.execute(db)
const queued = async () => (await sql`select 1 from push_queue where sent_at is null`.execute(db)).rows.length

t.test('NTF-6 a browser is subscribed by its session, and found again', async (t) => {
  t.strictSame((await ben.get('push/')).body, { public_key: publicKey, items: [] })
  const mine = browser()
  const first = await subscribe(ben, mine)
  t.match(first, { status: 201, body: { endpoint: mine.endpoint, current: true } })
  t.match(await subscribe(ben, mine), { status: 200, body: { id: first.body.id } }, 'once')
  t.strictSame((await ben.get('push/')).body.items, [first.body])
  t.equal((await eve.delete(`push/subscriptions/${first.body.id}/`)).status, 404)
  const taken = await subscribe(eve, mine)
  t.not(taken.body.id, first.body.id, 'another user of the same browser')
  t.strictSame((await ben.get('push/')).body.items, [])
  t.equal((await eve.delete(`push/subscriptions/${taken.body.id}/`)).status, 204)
  for (const bad of [
    { ...mine, endpoint: 'http://push.example.org/' },
    { ...mine, endpoint: 'https://user@push.example.org/' },
    { ...mine, endpoint: 'file:///etc/passwd' },
    { ...mine, keys: { p256dh: 'x', auth: 'y' } },
    { endpoint: mine.endpoint }
  ])
    t.match(await subscribe(ben, bad as typeof mine), { status: 400, body: { code: 'validation_failed' } })
  for (let n = 0; n < 22; n++) await subscribe(eve)
  const kept = (await eve.get('push/')).body.items
  t.equal(kept.length, 20, 'the oldest go')
  t.equal(kept[0].endpoint, `https://push.example.org/${browsers}`)
  await sql`delete from push_subscriptions`.execute(db)
})

t.test(
  'NTF-6 whoever is not connected and wants to know is pushed to, with nothing of the text',
  async (t) => {
    const id = await group(ben, eve)
    await subscribe(ann)
    const { body } = await subscribe(ben)
    await subscribe(eve)
    await service.api.presence({
      gateway_id: randomUUIDv7(),
      report: 1,
      full: true,
      users: { [eve.user.id]: 'away' },
      since: null
    })
    const message = await send(ann, id)
    await hear('message.created', message)
    await hear('message.created', message)
    const pushes = await settle('sent')
    const { id: message_id, seq } = message
    t.match(pushes, [
      {
        subscription_id: body.id,
        payload: { kind: 'message', tag: message_id, conversation_id: id, message_id, seq, sender: 'ANN' }
      }
    ])
    t.notMatch(JSON.stringify(pushes), /secret/)
    await hear('message.created', message)
    t.strictSame(await settle('sent'), [], 'once, whoever hears of it again')

    const quiet: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      ['muted', () => ben.put(`conversations/${id}/mute/`), () => ben.delete(`conversations/${id}/mute/`)],
      ['blocked', () => ben.put(`blocks/${ann.user.id}/`), () => ben.delete(`blocks/${ann.user.id}/`)]
    ]
    for (const [why, begin, end] of quiet) {
      await begin()
      await hear('message.created', await send(ann, id))
      t.equal(await queued(), 0, why)
      await end()
    }
    await ben.put(`conversations/${id}/mute/`, { keep: 'mentions' })
    for (const text of ['nothing special', 'look, @ben'])
      await hear('message.created', await send(ann, id, text))
    t.match(await settle('sent'), [{ payload: { kind: 'mention' } }], 'mentions pass where they may')
    await ben.delete(`conversations/${id}/mute/`)

    const read = await send(ann, id)
    await hear('message.created', read)
    await ben.post(`conversations/${id}/read/`, { seq: read.seq })
    t.strictSame(await settle('sent'), [], 'what was read meanwhile')
    const left = await send(ann, id)
    await hear('message.created', left)
    await ann.delete(`conversations/${id}/members/${ben.user.id}/`)
    t.strictSame(await settle('sent'), [], 'SEC-PUSH who was removed meanwhile')
    t.equal(await queued(), 0)
  }
)

t.test('NTF-7 a deletion is pushed to those who were told of the message, and to nobody else', async (t) => {
  const id = await group(ben)
  const delete_ = async (message: Awaited<ReturnType<typeof send>>) => {
    await ann.delete(`conversations/${id}/messages/${message.id}/`)
    await hear('message.deleted', message)
  }
  const told = await send(ann, id)
  await hear('message.created', told)
  t.equal((await settle('sent')).length, 1)
  await delete_(told)
  t.match(await settle('sent'), [{ payload: { kind: 'withdrawn', tag: told.id } }])
  await hear('message.deleted', told)
  t.strictSame(await settle('sent'), [], 'once')

  const waiting = await send(ann, id)
  await hear('message.created', waiting)
  await delete_(waiting)
  t.strictSame(await settle('sent'), [], 'who had not been told never will be')
  const early = await send(ann, id)
  await delete_(early)
  await hear('message.created', early)
  t.strictSame(await settle('sent'), [], 'nor where the deletion was heard of first')

  const under_way = await send(ann, id)
  await hear('message.created', under_way)
  const [push] = await notifier.takePushes(1)
  await delete_(under_way)
  if (!push) throw new Error('no push')
  const { subscription_id } = push
  await notifier.settlePushes([
    { subscription_id, message_id: under_way.id, kind: 'message', result: 'sent' }
  ])
  t.match(await settle('sent'), [{ payload: { kind: 'withdrawn' } }], 'it overtakes nobody')
})

t.test('NTF-8 what fails is tried again later and later; a browser that is gone is forgotten', async (t) => {
  const id = await group(ben)
  await hear('message.created', await send(ann, id))
  t.equal((await settle('later', 3_600_000)).length, 1)
  t.strictSame(await notifier.takePushes(10), [], 'not before it may')
  const { rows } = await sql<{ wait: number }>`
    select extract(epoch from due_at - now())::float8 as wait from push_queue where sent_at is null`.execute(
    db
  )
  t.ok((rows[0]?.wait ?? 0) > 3_500, 'the push service said when')
  for (let n = 0; n < 8; n++) {
    await makeDue()
    await settle('later')
  }
  t.equal(await queued(), 0, 'and then no more')

  await hear('message.created', await send(ann, id))
  t.equal((await notifier.takePushes(10)).length, 1)
  t.strictSame(await notifier.takePushes(10), [], 'what one has in hand nobody else gets')
  await makeDue()
  t.equal((await settle('gone')).length, 1, 'until its time is over')
  t.strictSame((await ben.get('push/')).body.items, [])
})

t.test('SEC-PUSH a session that ended is told nothing', async (t) => {
  const id = await group(ben)
  await subscribe(ben)
  await hear('message.created', await send(ann, id))
  await ben.post('auth/logout/')
  t.strictSame(await settle('sent'), [])
})

t.test('without a key nothing is pushed', async (t) => {
  const plain = await api(t)
  const one = await plain.person('one')
  t.strictSame((await one.get('push/')).body, { public_key: null, items: [] })
  t.match(await one.post('push/subscriptions/', browser()), { status: 400, body: { code: 'bad_request' } })
})
