import { randomUUIDv7 } from 'node:crypto'
import {
  type Command,
  type CommandFrames,
  decodeRoomPages,
  internalPaths,
  internalSecretHeader,
  onlySendsHeader,
  type User
} from '@parley/contracts'
import { createMemoryEventBus } from '@parley/event-bus'
import { createService } from '@parley/service-kit'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { createConversationApi } from '../../src/internal/conversation-api.ts'
import { createNotifierApi } from '../../src/internal/notifier-api.ts'
import { internalRoutes } from '../../src/internal/internal-routes.ts'
import { core } from '../core-harness.ts'

const logger = pino({ level: 'silent' })
const session_id = randomUUIDv7()

async function internalApi(test: Parameters<typeof core>[0]) {
  const base = await core(test)
  const bus = createMemoryEventBus()
  test.teardown(() => bus.close())
  const api = createConversationApi({ ...base, bus, logger })
  const [ann, bob, eve] = [await base.person('ann'), await base.person('bob'), await base.person('eve')]
  const room = await base.group(ann, bob)
  return { ...base, api, ann, bob, eve, room }
}

function command(user: User, frame: CommandFrames[keyof CommandFrames]): Command {
  return { user, session_id, frame } as Command
}

t.test('commands are answered in order, each on its own', async (t) => {
  const { api, ann, bob, eve, room } = await internalApi(t)
  const first = await api.execute([
    command(ann, { type: 'send', conversation_id: room, client_id: 'a', body: 'one' }),
    command(eve, { type: 'send', conversation_id: room, client_id: 'a', body: 'intruder' }),
    command(bob, { type: 'send', conversation_id: room, body: 'two' }),
    command(ann, { type: 'send', conversation_id: room, client_id: 'a', body: 'one' })
  ])
  t.match(first, [
    { ok: true, seq: 3 },
    { ok: false, code: 'not_found' },
    { ok: true, seq: 4 },
    { ok: true, seq: 3, replay: true, message: { body: 'one' } }
  ])
  const [sent] = first
  const message_id = sent?.ok && sent.message_id ? sent.message_id : ''
  const on = { conversation_id: room, message_id }
  t.match(
    await api.execute([
      command(ann, { type: 'edit', ...on, body: 'uno', client_id: 'e' }),
      command(bob, { type: 'edit', ...on, body: 'mine' }),
      command(bob, { type: 'react', ...on, emoji: '👍' }),
      command(bob, { type: 'unreact', ...on, emoji: '👍' }),
      command(eve, { type: 'react', ...on, emoji: '👍' }),
      command(bob, { type: 'read', conversation_id: room, seq: 999 })
    ]),
    [
      { ok: true },
      { ok: false, code: 'forbidden' },
      { ok: true },
      { ok: true },
      { ok: false, code: 'not_found' },
      { ok: true }
    ]
  )
  const again = await api.execute([command(ann, { type: 'edit', ...on, body: 'uno', client_id: 'e' })])
  t.match(again, [{ ok: true, replay: true }])
  const gone = await api.execute([
    command(ann, { type: 'delete', ...on }),
    command(ann, { type: 'edit', ...on, body: 'late' }),
    command(bob, { type: 'react', ...on, emoji: '👍' })
  ])
  t.match(gone, [
    { ok: true },
    { ok: false, code: 'message_deleted' },
    { ok: false, code: 'message_deleted' }
  ])
})

t.test('threads, copies and pins by commands', async (t) => {
  const { api, ann, bob, eve, room, db } = await internalApi(t)
  const on = { conversation_id: room }
  const [sent] = await api.execute([command(ann, { type: 'send', ...on, body: 'root' })])
  const message_id = sent?.ok && sent.message_id ? sent.message_id : ''
  const from = { ...on, message_id }
  const copy = { type: 'forward', ...on, from, client_id: 'copy' } as const
  t.match(
    await api.execute([
      command(bob, { type: 'send', ...on, body: '@ann, a reply', thread_id: message_id }),
      command(eve, { type: 'send', ...on, body: 'a reply', thread_id: message_id })
    ]),
    [
      { ok: true, seq: 4 },
      { ok: false, code: 'not_found' }
    ]
  )
  t.match(await api.execute([command(bob, copy)]), [{ ok: true, seq: 5 }])
  t.match(await api.execute([command(bob, copy)]), [
    { ok: true, seq: 5, replay: true, message: { forwarded_from: from } }
  ])
  t.match(
    await api.execute([
      command(eve, copy),
      command(ann, { type: 'read_thread', ...on, thread_id: message_id, seq: 4 }),
      command(eve, { type: 'read_thread', ...on, thread_id: message_id, seq: 4 }),
      command(bob, { type: 'pin', ...from }),
      command(eve, { type: 'pin', ...from })
    ]),
    [
      { ok: false, code: 'not_found' },
      { ok: true, seq: 4 },
      { ok: false, code: 'not_found' },
      { ok: true, seq: 6 },
      { ok: false, code: 'not_found' }
    ]
  )
  t.match(await api.execute([command(bob, { type: 'unpin', ...from })]), [{ ok: true, seq: 7 }])
  const { rows } = await sql`select user_id, seq from mentions`.execute(db)
  t.strictSame(rows, [{ user_id: ann.id, seq: 4 }])
})

t.test('a group is managed by commands too', async (t) => {
  const { api, ann, bob, eve, room, db } = await internalApi(t)
  const on = { conversation_id: room }
  t.match(
    await api.execute([
      command(bob, { type: 'edit_conversation', ...on, title: 'no' }),
      command(ann, { type: 'edit_conversation', ...on, title: 'team', public: true, client_id: 'open' }),
      command(ann, { type: 'edit_conversation', ...on, title: 'team', public: true, client_id: 'open' }),
      command(bob, { type: 'hand_over', ...on, user_id: bob.id })
    ]),
    [
      { ok: false, code: 'forbidden' },
      { ok: true, seq: 3 },
      { ok: true, seq: 3, replay: true },
      { ok: false, code: 'forbidden' }
    ]
  )
  t.match(await api.execute([command(eve, { type: 'join', ...on })]), [{ ok: true, seq: 4 }])
  t.match(await api.execute([command(eve, { type: 'remove_member', ...on, user_id: eve.id })]), [
    { ok: true, seq: 5 }
  ])
  t.match(
    await api.execute([
      command(ann, { type: 'add_member', ...on, user_id: eve.id, role: 'admin' }),
      command(ann, { type: 'change_role', ...on, user_id: bob.id, role: 'admin' }),
      command(ann, { type: 'hand_over', ...on, user_id: bob.id }),
      command(ann, { type: 'remove_member', ...on, user_id: bob.id })
    ]),
    [
      { ok: true, seq: 6 },
      { ok: true, seq: 7 },
      { ok: true, seq: 9 },
      { ok: false, code: 'forbidden' }
    ]
  )
  const { rows } =
    await sql`select user_id, role from members where removed_at is null order by role`.execute(db)
  t.match(rows, [{ role: 'admin' }, { role: 'admin' }, { user_id: bob.id, role: 'owner' }])
})

t.test('bans and mutes are commands too', async (t) => {
  const { api, ann, bob, room, db } = await internalApi(t)
  const on = { conversation_id: room }
  t.match(
    await api.execute([
      command(bob, { type: 'mute', ...on, keep: 'mentions', client_id: 'quiet' }),
      command(bob, { type: 'mute', ...on, keep: 'mentions', client_id: 'quiet' }),
      command(bob, { type: 'mute', ...on, until: '2020-01-01T00:00:00.000Z' }),
      command(bob, { type: 'ban', ...on, user_id: ann.id })
    ]),
    [
      { ok: true, seq: 2 },
      { ok: true, seq: 2, replay: true },
      { ok: false, code: 'validation_failed' },
      { ok: false, code: 'forbidden' }
    ]
  )
  const muted = await sql`select user_id, keep from mutes`.execute(db)
  t.strictSame(muted.rows, [{ user_id: bob.id, keep: 'mentions' }])
  t.match(await api.execute([command(bob, { type: 'unmute', ...on })]), [{ ok: true, seq: 2 }])
  t.match(
    await api.execute([
      command(ann, { type: 'ban', ...on, user_id: bob.id, reason: 'enough' }),
      command(ann, { type: 'add_member', ...on, user_id: bob.id }),
      command(ann, { type: 'unban', ...on, user_id: bob.id }),
      command(ann, { type: 'add_member', ...on, user_id: bob.id })
    ]),
    [
      { ok: true, seq: 3 },
      { ok: false, code: 'banned' },
      { ok: true, seq: 3 },
      { ok: true, seq: 4 }
    ]
  )
  t.same((await sql`select 1 from mutes`.execute(db)).rows, [])
})

t.test('commands of one user in one conversation keep their order', async (t) => {
  const { api, ann, room, db } = await internalApi(t)
  const sent = await api.execute([command(ann, { type: 'send', conversation_id: room, body: 'x' })])
  const message_id = sent[0]?.ok && sent[0].message_id ? sent[0].message_id : ''
  const reacts = Array.from({ length: 21 }, (_, n) =>
    command(ann, { type: n % 2 === 0 ? 'react' : 'unreact', conversation_id: room, message_id, emoji: '🎉' })
  )
  const results = await api.execute(reacts)
  t.same(
    results.map((r) => r.ok && r.seq),
    reacts.map((_, n) => n + 4)
  )
  const { rows } = await sql<{ n: number }>`select count(*) as n from reactions`.execute(db)
  t.equal(rows[0]?.n, 1)
})

t.test('the beat tells what moved, what ended and whose rooms changed', async (t) => {
  const { api, ann, bob, room, db, writer } = await internalApi(t)
  const quiet = randomUUIDv7()
  const open = randomUUIDv7()
  const closed = randomUUIDv7()
  const expired = randomUUIDv7()
  const session = (id: string, ended_at: Date | null, expires_at: Date) =>
    db
      .insertInto('sessions')
      .values({ id, user_id: ann.id, token_hash: Buffer.from(id), user_agent: null, ended_at, expires_at })
      .execute()
  const later = new Date(Date.now() + 60_000)
  await session(open, null, later)
  await session(closed, new Date(), later)
  await session(expired, null, new Date(Date.now() - 1))
  await writer.send({ user: ann, conversation_id: room, body: 'x' })
  await db.updateTable('users').set({ rooms_version: 7 }).where('id', '=', ann.id).execute()

  const reply = await api.beat({
    rooms: { [room]: 2, [quiet]: 5 },
    sessions: [open, closed, expired, quiet],
    users: { [ann.id]: 6, [bob.id]: 0 }
  })
  t.same(reply.rooms, { [room]: 3 })
  t.same(new Set(reply.ended), new Set([closed, expired, quiet]))
  t.same(reply.users, { [ann.id]: 7 })
  t.same(await api.beat({ rooms: { [room]: 3 }, sessions: [open], users: { [ann.id]: 7 } }), {
    rooms: {},
    ended: [],
    users: {}
  })
})

t.test('rooms of a user, without those left or deleted', async (t) => {
  const { api, ann, bob, room, group, remove, db } = await internalApi(t)
  const left = await group(ann, bob)
  await remove(left, bob)
  const deleted = await group(bob)
  await db.updateTable('conversations').set({ deleted_at: new Date() }).where('id', '=', deleted).execute()
  t.match(await api.roomsOf(bob.id), {
    rooms_version: 0,
    rooms: [{ conversation_id: room, head: 2, role: 'member', joined_seq: 2 }]
  })
  t.equal((await api.roomsOf(bob.id)).rooms.length, 1)
  t.same(await api.roomsOf(randomUUIDv7()), { rooms_version: 0, rooms: [] })
})

t.test('SEC the internal port answers nobody without the secret', async (t) => {
  const { api, ann, room, ...base } = await internalApi(t)
  const app = createService({ name: 'internal', logger: false })
  const notifier = createNotifierApi(base)
  const writer = { full: false }
  await app.register(internalRoutes, { api, notifier, writer, secret: 'a secret of some length' })
  t.teardown(() => app.close())
  const body = JSON.stringify([{ conversation_id: room, since: 0, limit: 10, users: [ann.id] }])
  const ask = (secret?: string) =>
    app.inject({
      method: 'POST',
      url: internalPaths.readRooms,
      payload: body,
      headers: {
        'content-type': 'application/json',
        ...(secret === undefined ? {} : { [internalSecretHeader]: secret })
      }
    })
  for (const secret of [undefined, '', 'a secret of some lengthh', 'another']) {
    t.equal((await ask(secret)).statusCode, 401)
  }
  const answer = await ask('a secret of some length')
  t.equal(answer.statusCode, 200)
  t.same(decodeRoomPages(answer.rawPayload), await api.readRooms(JSON.parse(body)))
})

t.test('a writer that is full refuses a call of sends before it reads it, and no other', async (t) => {
  const { api, ann, room, ...base } = await internalApi(t)
  const app = createService({ name: 'internal', logger: false })
  const writer = { full: true }
  const secret = 'a secret of some length'
  await app.register(internalRoutes, { api, notifier: createNotifierApi(base), writer, secret })
  t.teardown(() => app.close())
  const ask = (payload: string, sends: boolean) =>
    app.inject({
      method: 'POST',
      url: internalPaths.execute,
      payload,
      headers: {
        'content-type': 'application/json',
        [internalSecretHeader]: secret,
        ...(sends && { [onlySendsHeader]: 'only' })
      }
    })
  const refused = await ask('this is not even JSON', true)
  t.match(refused, { statusCode: 503, headers: { 'retry-after': '1' } })
  t.match(refused.json(), { code: 'overloaded' })
  const frame = { type: 'read', conversation_id: room, seq: 1 }
  const read = JSON.stringify([{ user: ann, session_id: randomUUIDv7(), frame }])
  t.match((await ask(read, false)).json(), [{ ok: true }])
  writer.full = false
  t.equal((await ask(read, true)).statusCode, 200)
})
