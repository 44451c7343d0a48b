import { readFileSync } from 'node:fs'
import { randomUUIDv7 } from 'node:crypto'
import { startTestPostgres } from '@parley/testing'
import { openDatabase } from './src/database/database.ts'
import { MessageWriter } from './src/messages/message-writer.ts'
import { readRoom } from './src/changes/change-feed.ts'
import { editMessage, deleteMessage, reactToMessage } from './src/messages/message-mutations.ts'
import { sendMessage } from './src/messages/send-message.ts'
import { listMessages } from './src/messages/message-store.ts'
import { markRead } from './src/messages/read-position.ts'
const pgs = await startTestPostgres()
const { db, pool, close } = openDatabase(pgs.url)
for (const f of ['0001_core','0002_send_messages']) await pool.query(readFileSync(`./migrations/${f}.sql`, 'utf8'))
const user = async (name: string) => { const id = randomUUIDv7(); await db.insertInto('users').values({ id, username: name, display_name: name, password_hash: 'x', disabled_at: null }).execute(); return { id, username: name, display_name: name } }
const a = await user('a'), b = await user('b'), out = await user('o')
const conv = async (...us: any[]) => { const id = randomUUIDv7(); await db.insertInto('conversations').values({ id, kind: 'group', title: null, direct_key: null, created_by: us[0].id, created_at: new Date(), last_message_seq: null, active_at: new Date(), deleted_at: null, last_seq: us.length }).execute()
 let n = 0; for (const u of us) { n++; await db.insertInto('members').values({ conversation_id: id, user_id: u.id, role: n === 1 ? 'owner' : 'member', joined_seq: n, changed_seq: n, removed_at: null }).execute(); await db.insertInto('changes').values({conversation_id:id, seq:n, kind:'member.added', subject_id:u.id, actor_id: us[0].id, at:new Date()}).execute() } return id }
const c1 = await conv(a, b), c2 = await conv(b)
const events: any[] = []
const relay = { push: (e: any) => events.push(...e) }
const writer = new MessageWriter(pool, relay)
const r = await Promise.allSettled([
  writer.send({ user: a, conversation_id: c1, body: 'one', client_id: 'k1' }),
  writer.send({ user: a, conversation_id: c1, body: 'one', client_id: 'k1' }),
  writer.send({ user: a, conversation_id: c1, body: 'other', client_id: 'k1' }),
  writer.send({ user: out, conversation_id: c1, body: 'x', client_id: 'k1' }),
  writer.send({ user: a, conversation_id: c2, body: 'x' }),
  writer.send({ user: b, conversation_id: c2, body: 'x' }),
  writer.send({ user: b, conversation_id: c1, body: 'x', reply_to_id: randomUUIDv7() }),
  writer.send({ user: b, conversation_id: c1, body: 'two' }),
  writer.send({ user: b, conversation_id: c1, body: 'three' }),
])
console.log(r.map(x => x.status === 'fulfilled' ? JSON.stringify(x.value) : (x.reason.code + ' ' + x.reason.message)).join('\n'))
const ctx = { db, relay, writer }
const m = await sendMessage(ctx, { user: a, conversation_id: c1, body: 'one', client_id: 'k1' }); console.log(m.replay, m.message.seq)
const id = m.message.id
console.log(await editMessage(ctx, { user_id: a.id, conversation_id: c1, message_id: id, body: 'edited', key: 'e1' }).then(x => [x.seq, x.replay]))
console.log(await editMessage(ctx, { user_id: a.id, conversation_id: c1, message_id: id, body: 'edited', key: 'e1' }).then(x => [x.seq, x.replay]))
console.log(await editMessage(ctx, { user_id: a.id, conversation_id: c1, message_id: id, body: 'edited2', key: 'e1' }).catch(x => x.code))
console.log(await reactToMessage(ctx, { user_id: b.id, conversation_id: c1, message_id: id, emoji: '👍', on: true }).then(x => [x.seq, x.message.reactions]))
console.log((await sendMessage(ctx, { user: a, conversation_id: c1, body: 'one', client_id: 'k1' })).message)
console.log(await markRead({ db, bus: { publish() {} } as any }, { user_id: a.id, conversation_id: c1, seq: 3 }))
let page = await readRoom(pool, { conversation_id: c1, since: 0, limit: 100, users: [a.id, out.id] })
console.log(page.head, page.next_since, page.members, page.events.map(e => `${e.prev}>${e.seq} ${e.kind} ${e.frame}`))
page = await readRoom(pool, { conversation_id: c1, since: 2, limit: 2, users: [] }); console.log(page.head, page.next_since, page.events.length)
page = await readRoom(pool, { conversation_id: c1, since: null, limit: 2, users: [b.id] }); console.log(page)
console.log(await deleteMessage(ctx, { user_id: a.id, conversation_id: c1, message_id: id }).then(x => [x.seq, x.message.body]))
console.log((await listMessages(db, { user_id: a.id, conversation_id: c1, limit: 2 })).items.map(x => [x.seq, x.body]))
// perf
const lone: number[] = []
for (let i = 0; i < 500; i++) { const t = performance.now(); await writer.send({ user: a, conversation_id: c1, body: 'hello ' + i, client_id: 'l' + i }); lone.push(performance.now() - t) }
lone.sort((x, y) => x - y); console.log('lone p50', lone[250], 'p99', lone[495])
for (const rooms of [1, 50]) {
  const ids = rooms === 1 ? [c1] : await Promise.all(Array.from({ length: rooms }, () => conv(a, b)))
  const N = 20000; let done = 0; const t0 = performance.now(); const lat: number[] = []
  await Promise.all(Array.from({ length: 128 }, async (_, w) => { for (let i = w; i < N; i += 128) { const t = performance.now(); await writer.send({ user: a, conversation_id: ids[i % rooms]!, body: 'hello world '.repeat(10), client_id: `p${rooms}-${i}` }); lat.push(performance.now() - t); done++ } }))
  const s = (performance.now() - t0) / 1000; lat.sort((x, y) => x - y)
  console.log(rooms, 'rooms', Math.round(done / s), 'sends/s p50', lat[N / 2], 'p99', lat[N * .99 | 0])
}
const chk = await pool.query('select count(*) c, max(seq) m from (select seq from messages where conversation_id=$1 union select seq from changes where conversation_id=$1) x', [c1]); console.log(chk.rows, (await pool.query('select last_seq from conversations where id=$1', [c1])).rows)
await close(); await pgs.stop(); process.exit(0)
