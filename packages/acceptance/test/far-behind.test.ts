// Readers who are far behind, or do not read at all: they get everything, on the same socket, and cost the server next to nothing.
import { setTimeout as delay } from 'node:timers/promises'
import { ChangePage } from '@parley/contracts'
import { type Frame, type TestSocket, waitUntil } from '@parley/testing'
import t from 'tap'
import { bodyOf, makeRoom, type Person, residentBytes, signUp } from '../src/index.ts'
import { type SecuredParley, securedParley } from './security-fixture.ts'

t.setTimeout(240_000)

const MISSED = 100_000
const MB = 1024 * 1024
/** Garbage that is not yet collected; what is held for readers by mistake would be several times as much. */
const SLACK = 160 * MB

const parley = await securedParley(t)
const [ann, ben] = await Promise.all([signUp(parley.url, 'ann'), signUp(parley.url, 'ben')])

t.test('CHG-1 LAG-3 100,000 missed changes are paged through, in bounded memory', async (t) => {
  const room = await makeRoom(ann, ben)
  const { head, base } = await writeMany(parley, room, ann, MISSED)
  const warm = await pageThrough(room, ben, base)
  t.same(warm, { frames: MISSED, head }, 'over REST')
  const before = await residentBytes(parley.pid)

  const path = `/ws/chat/${room}/?since=${base}`
  const idle = await Promise.all(
    Array.from({ length: 8 }, () => ben.connect(path, { protocol: 'parley.v1' }))
  )
  for (const { ws } of idle) ws.pause()
  const reader = follow(await ben.connect(path, { protocol: 'parley.v1' }), base)
  await waitUntil(() => reader.cursor === head, { message: 'the reader is at the head', timeout_ms: 120_000 })
  t.equal(reader.gaps, 0, 'over a socket, without a gap')
  t.ok(
    (await residentBytes(parley.pid)) - before < SLACK,
    'whoever does not read holds up nobody and nothing'
  )

  const late = idle.map((socket) => follow(socket, base))
  for (const { ws } of idle) ws.resume()
  const caughtUp = () => late.every(({ cursor }) => cursor === head)
  await waitUntil(caughtUp, { message: 'all are at the head, on the same socket', timeout_ms: 180_000 })
  t.equal(
    late.reduce((sum, { gaps }) => sum + gaps, 0),
    0
  )
  t.ok((await residentBytes(parley.pid)) - before < SLACK, `${late.length} × ${MISSED} frames were not held`)
  await Promise.all([reader.socket, ...idle].map((socket) => socket.close()))
})

t.test('LAG-1 LAG-4 who stalls for 40 s catches up on the same socket', async (t) => {
  const room = await makeRoom(ann, ben)
  const path = `/ws/chat/${room}/`
  const connect = () => ben.connect(path, { protocol: 'parley.v1' })
  const stalled = await Promise.all(Array.from({ length: 10 }, connect))
  const awake = await connect()
  for (const socket of [...stalled, awake]) await socket.next(({ type }) => type === 'subscribed')
  const { head: base } = await headOf(room, ann)
  const followers = stalled.map((socket) => follow(socket, base))
  const neighbour = follow(awake, base)
  for (const { ws } of stalled) ws.pause()
  const before = await residentBytes(parley.pid)
  const until = performance.now() + 40_000
  // 2,000 messages of 16 kB are 32 MB for each of them.
  const speaking = await ann.connect(path, { protocol: 'parley.v1' })
  for (let n = 0; n < 2_000; n++) {
    speaking.send({
      type: 'send',
      ref: n,
      conversation_id: room,
      client_id: `m${n}`,
      body: 'x'.repeat(16_000)
    })
    if (n % 20 === 19) await speaking.next(({ type, ref }) => type === 'ack' && ref === n, 20_000)
  }
  const { head } = await headOf(room, ann)
  await waitUntil(() => neighbour.cursor === head, { message: 'the neighbour has all', timeout_ms: 30_000 })
  t.ok((await residentBytes(parley.pid)) - before < 10 * MB + SLACK, 'a stalled reader costs a megabyte')
  await delay(Math.max(0, until - performance.now()))
  for (const { ws } of stalled) ws.resume()
  const caughtUp = () => followers.every(({ cursor }) => cursor === head)
  await waitUntil(caughtUp, { message: 'they have all', timeout_ms: 60_000 })
  t.same(
    followers.map(({ gaps }) => gaps),
    followers.map(() => 0)
  )
  t.ok(
    stalled.every(({ frames }) => frames.some(({ type }) => type === 'lagging')),
    'they were told'
  )
  await Promise.all([...stalled, awake, speaking].map((socket) => socket.close()))
})

interface Follower {
  readonly socket: TestSocket
  cursor: number
  gaps: number
}

/** Applies the client's rule, and counts what may not be. */
function follow(socket: TestSocket, cursor: number): Follower {
  const follower: Follower = { socket, cursor, gaps: 0 }
  const apply = ({ seq, prev }: Frame) => {
    if (typeof seq !== 'number' || typeof prev !== 'number' || seq <= follower.cursor) return
    if (prev > follower.cursor) follower.gaps++
    follower.cursor = seq
  }
  for (const frame of socket.frames) apply(frame)
  socket.ws.on('message', (data: Buffer) => apply(JSON.parse(data.toString()) as Frame))
  return follower
}

async function headOf(conversation: string, { api }: Person): Promise<{ head: number }> {
  const { head } = bodyOf(
    await api.get(`/messaging/api/conversations/${conversation}/changes/?limit=1`),
    200,
    ChangePage
  )
  return { head }
}

async function pageThrough(conversation: string, { api }: Person, base: number) {
  let since = base
  let frames = 0
  for (;;) {
    const answer = await api.get(
      `/messaging/api/conversations/${conversation}/changes/?since=${since}&limit=1000`
    )
    const page = bodyOf(answer, 200, ChangePage)
    for (const { seq, prev } of page.items) {
      if (prev !== since) throw new Error(`${prev} follows ${since}`)
      since = seq
    }
    frames += page.items.length
    if (page.next_since === page.head) return { frames, head: page.head }
  }
}

/** What was said while a member was away for long, written as the api would have. */
async function writeMany(
  { database }: SecuredParley,
  conversation: string,
  { user }: Person,
  count: number
): Promise<{ base: number; head: number }> {
  const { rows } = await database.query<{ last_seq: string }>(
    'select last_seq from conversations where id = $1',
    [conversation]
  )
  const base = Number(rows[0]?.last_seq)
  await database.query(
    `insert into messages (conversation_id, seq, id, changed_seq, sender_id, body, created_at)
     select $1, $2::bigint + n, gen_random_uuid(), $2::bigint + n, $3, 'message ' || n, now()
     from generate_series(1, $4::integer) n`,
    [conversation, base, user.id, count]
  )
  await database.query('update conversations set last_seq = $2, last_message_seq = $2 where id = $1', [
    conversation,
    base + count
  ])
  return { base, head: base + count }
}
