import { randomUUIDv7 } from 'node:crypto'
import type { Command, CommandFrames } from '@parley/contracts'
import { createMemoryEventBus } from '@parley/event-bus'
import { pino } from 'pino'
import t from 'tap'
import { createConversationApi } from '../../src/internal/conversation-api.ts'
import { api, idsOf } from '../api-harness.ts'
import { core } from '../core-harness.ts'

type Frame = Command['frame']

t.test('SND-4 over a socket, who was removed since is told what they did, and no more', async (t) => {
  const context = await core(t)
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  const service = createConversationApi({ ...context, bus, logger: pino({ level: 'silent' }) })
  const [ann, bob, cat, dee, eve] = await Promise.all(['ann', 'bob', 'cat', 'dee', 'eve'].map(context.person))
  if (!ann || !bob || !cat || !dee || !eve) throw new Error('nobody there')
  const room = await context.group(ann, bob, cat)
  const text = async () =>
    (await context.writer.send({ user: ann, conversation_id: room, body: 'hello' })).message_id
  const [message_id, another] = [await text(), await text()]
  const frames = [
    { type: 'edit', message_id, body: 'hello all' },
    { type: 'react', message_id, emoji: '👍' },
    { type: 'unreact', message_id, emoji: '👍' },
    { type: 'pin', message_id },
    { type: 'unpin', message_id },
    { type: 'delete', message_id: another },
    { type: 'edit_conversation', title: 'Ours' },
    { type: 'add_member', user_id: dee.id },
    { type: 'remove_member', user_id: dee.id },
    { type: 'ban', user_id: eve.id },
    { type: 'unban', user_id: eve.id },
    { type: 'change_role', user_id: cat.id, role: 'admin' },
    { type: 'hand_over', user_id: bob.id }
  ] as unknown as Frame[]
  const ask = (key: string, frame: Frame) => {
    const keyed = { ...frame, conversation_id: room, client_id: `${key} ${frame.type}` }
    const command = {
      user: ann,
      session_id: randomUUIDv7(),
      frame: keyed as CommandFrames[typeof frame.type]
    }
    return service.execute([command as Command])
  }
  const first = []
  for (const frame of frames) first.push(...(await ask('k', frame)))
  t.ok(first.every(({ ok }) => ok))
  await context.remove(room, ann)
  const { last_seq } = await context.db
    .selectFrom('conversations')
    .select('last_seq')
    .where('id', '=', room)
    .executeTakeFirstOrThrow()
  for (const [n, frame] of frames.entries()) {
    const [again] = await ask('k', frame)
    t.strictSame(again, { ...first[n], replay: true }, frame.type)
    t.match(await ask('never', frame), [{ ok: false, code: 'not_found' }], frame.type)
  }
  const other = { ...frames[0], body: 'something else' } as Frame
  t.match(await ask('k', other), [{ ok: false, code: 'not_found' }], 'its key did something else')
  const after = await context.db
    .selectFrom('conversations')
    .select('last_seq')
    .where('id', '=', room)
    .execute()
  t.match(after, [{ last_seq }], 'nothing was done again')
  t.ok(await context.lineIsDense(room))
})

t.test('SND-4 over REST they are not shown what became of it', async (t) => {
  const { person } = await api(t, { RATE_LIMITS: 'off' })
  const [ann, bob, cat] = [await person('ann'), await person('bob'), await person('cat')]
  const { id } = (await bob.post('conversations/', { member_ids: idsOf(ann) })).body
  const path = `conversations/${id}/`
  t.equal((await bob.patch(`${path}members/${ann.user.id}/`, { role: 'owner' })).status, 200)
  const message = `${path}messages/${(await ann.post(`${path}messages/`, { body: 'hers' })).body.id}/`
  const reported = (await bob.post(`${message}reports/`, { reason: 'see' })).body.id
  const key = (name: string) => ({ 'idempotency-key': name })
  const asked = () => [
    ann.patch(message, { body: 'hers, too' }, key('edit')),
    ann.put(`${message}reactions/👍/`, undefined, key('react')),
    ann.put(`${message}pin/`, undefined, key('pin')),
    ann.patch(path, { title: 'Ours' }, key('title')),
    ann.post(`${path}members/`, { user_id: cat.user.id }, key('add')),
    ann.patch(`${path}members/${cat.user.id}/`, { role: 'admin' }, key('role')),
    ann.post(`${path}reports/${reported}/resolve/`, { resolution: 'dismissed' }, key('resolve'))
  ]
  const statuses: number[] = []
  for (const one of asked()) statuses.push((await one).status)
  t.strictSame(statuses, [200, 200, 200, 200, 201, 200, 200])
  t.equal((await bob.delete(`${path}members/${ann.user.id}/`)).status, 204)
  const again = await Promise.all(asked())
  for (const changed of again.slice(0, 3))
    t.match(changed, { status: 204, text: '', headers: { 'idempotent-replay': 'true' } })
  for (const hidden of again.slice(3)) t.match(hidden, { status: 404, body: { code: 'not_found' } })
})
