import { randomUUIDv7 } from 'node:crypto'
import type { HookOutcome } from '@parley/contracts'
import { sql } from 'kysely'
import t from 'tap'
import { operateWebhooks } from '../../src/webhooks/webhook-operations.ts'
import { api } from '../api-harness.ts'

const service = await api(t)
const { db, notifier } = service
const ann = await service.person('ann')
const id: string = (await ann.post('conversations/')).body.id
const send = async () => (await ann.post(`conversations/${id}/messages/`, { body: 'hello' })).body

const operate = (...words: string[]) => operateWebhooks(db, words)
const settle = async (result: HookOutcome['result'], error?: string) => {
  const taken = await notifier.takeHooks(100)
  await notifier.settleHooks(
    taken.map(({ webhook_id, conversation_id, seq }) => ({
      webhook_id,
      conversation_id,
      seq,
      result,
      ...(error ? { error } : {})
    }))
  )
  return taken
}
const told = async (result: HookOutcome['result'] = 'sent') =>
  (await settle(result)).map(({ body }) => JSON.parse(body))
const hear = (message: { id: string; seq: number }, kind = 'message.created' as const) =>
  notifier.queueHooks([
    { kind, conversation_id: id, seq: message.seq, subject_id: message.id, actor_id: ann.user.id }
  ])
const makeDue = () => sql`update webhook_queue set due_at = now() - interval '1 s'`.execute(db)

t.test('HOK-1 every change is told to every webhook, as it is when it is told', async (t) => {
  const added = JSON.parse((await operate('add', 'https://hooks.example.org/parley')) ?? '')
  t.match(added, { id: String, secret: /^whsec_\S{43}$/, url: 'https://hooks.example.org/parley' })
  t.strictSame(await told(), [], 'from now on')
  const [first, second] = [await send(), await send()]
  for (const message of [first, second, second]) await hear(message)
  await ann.patch(`conversations/${id}/messages/${first.id}/`, { body: 'edited since' })
  const hooks = await told()
  const facts = { event: 'message.created', conversation_id: id, actor_id: ann.user.id, attempt: 1 }
  t.match(hooks, [
    { ...facts, seq: first.seq, subject_id: first.id, frame: null },
    {
      ...facts,
      seq: second.seq,
      subject_id: second.id,
      frame: { type: 'message', message: { body: 'hello' } }
    }
  ])
  t.strictSame(await told(), [])
  const gone = await send()
  await hear(gone)
  await ann.delete(`conversations/${id}/messages/${gone.id}/`)
  t.notMatch(
    JSON.stringify(await told()),
    /hello/,
    'SEC-WEBHOOK a text that was deleted leaves the house no more'
  )
})

t.test(
  'HOK-2 what fails is tried again for hours, and then kept, dead, until it is tried by hand',
  async (t) => {
    const [{ id: webhook } = { id: '' }] = JSON.parse(`[${(await operate('list'))?.replaceAll('\n', ',')}]`)
    await hear(await send())
    t.equal((await told('later')).length, 1)
    t.strictSame(await told(), [], 'not at once')
    for (let attempt = 2; attempt <= 14; attempt++) {
      await makeDue()
      t.match(await told('later'), [{ attempt }])
    }
    await makeDue()
    t.strictSame(await told(), [], 'given up')
    t.match(await operate('list'), /"waiting":0,"dead":1/)
    t.match(await operate('dead', webhook), /"kind":"message.created","attempts":14/)
    t.equal(await operate('retry', webhook), '1 will be tried again')
    t.match(await told('never'), [{ attempt: 1 }])
    t.match(await operate('dead', webhook), /"attempts":1/, 'what will not pass is given up at once')
    await operate('retry', webhook)
    t.equal((await told()).length, 1)
    t.equal(await operate('dead', webhook), 'none')
  }
)

t.test('HOK-3 a conversation is told again from a seq on', async (t) => {
  const [{ id: webhook } = { id: '' }] = JSON.parse(`[${(await operate('list'))?.replaceAll('\n', ',')}]`)
  const { head } = (await ann.get(`conversations/${id}/`)).body
  t.equal(await operate('replay', webhook, id, '2'), `${head - 2} changes will be told again`)
  const hooks = await told()
  t.strictSame(
    hooks.map(({ seq }) => seq),
    Array.from({ length: head - 2 }, (_, n) => n + 3)
  )
  t.equal(await operate('replay', webhook, id, '0'), `${head} changes will be told again`)
  t.equal(await operate('remove', webhook), 'removed')
  t.strictSame(await told(), [], 'with all it had yet to be told')
})

t.test('what an operator cannot mean', async (t) => {
  for (const words of [
    [],
    ['add'],
    ['add', 'http://plain.example.org/'],
    ['add', 'nonsense'],
    ['remove', 'nonsense'],
    ['replay', randomUUIDv7(), 'nonsense', '0'],
    ['replay', randomUUIDv7(), id, '-1'],
    ['nonsense', randomUUIDv7()]
  ])
    t.equal(await operate(...words), undefined, words.join(' '))
  t.equal(await operate('remove', randomUUIDv7()), 'no such webhook')
  t.equal(await operate('list'), 'none')
})
