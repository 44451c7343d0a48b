import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { pool } = service
const alice = await service.person('alice')
const bob = await service.person('bob')
const carol = await service.person('carol')

/** The durable frames of a conversation, as its member reads them. */
async function framesOf(who: typeof alice, id: string) {
  return (await who.get(`conversations/${id}/changes/`)).body.items
}

t.test('a group of one needs no body', async (t) => {
  const made = await alice.post('conversations/')
  t.equal(made.status, 201)
  t.match(made.body, {
    kind: 'group',
    title: null,
    role: 'owner',
    head: 1,
    unread_count: 0,
    last_message: null,
    member_count: 1
  })
  t.strictSame((await alice.get(`conversations/${made.body.id}/`)).body, made.body)
  t.match(await alice.post('conversations', {}), { status: 201, body: { member_count: 1 } })
})

t.test('a group with members: the owner first, each with a place on the line', async (t) => {
  const wish = { title: 'team', member_ids: idsOf(carol, alice, bob) }
  let made = await alice.get('auth/me/')
  const told = await service.toldBy(3, async () => {
    made = await alice.post('conversations/', wish)
  })
  t.match(made, { status: 201, body: { title: 'team', member_count: 3, head: 3 } })
  t.match(await framesOf(bob, made.body.id), [
    { type: 'member_added', seq: 1, prev: 0, member: { user: alice.user, role: 'owner', joined_seq: 1 } },
    { type: 'member_added', seq: 2, prev: 1, member: { user: carol.user, role: 'member', joined_seq: 2 } },
    { type: 'member_added', seq: 3, prev: 2, member: { user: bob.user, role: 'member', joined_seq: 3 } }
  ])
  t.same(new Set(told.map(({ user_id }) => user_id)), new Set(idsOf(alice, bob, carol)))
  const { rows } = await pool.query('select rooms_version from users where id = $1', [bob.user.id])
  const toBob = told.find(({ user_id }) => user_id === bob.user.id)
  t.match(toBob, { control: { type: 'rooms_changed', rooms_version: rows[0].rooms_version } })
})

t.test('a direct conversation is one per pair, also when both ask at once', async (t) => {
  const asked = await Promise.all([
    ...Array.from({ length: 4 }, () =>
      alice.post('conversations/', { kind: 'direct', member_ids: idsOf(bob) })
    ),
    ...Array.from({ length: 4 }, () =>
      bob.post('conversations/', { kind: 'direct', member_ids: idsOf(alice) })
    )
  ])
  t.equal(new Set(asked.map(({ body }) => body.id)).size, 1)
  t.strictSame(
    asked.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 200, 200, 200, 200, 200, 200, 201]
  )
  const { id } = asked[0]?.body ?? {}
  t.match((await alice.get(`conversations/${id}/`)).body, {
    kind: 'direct',
    role: 'member',
    member_count: 2,
    head: 2,
    peer: bob.user
  })
  const listed = (await bob.get('conversations/')).body.items as { id: string }[]
  t.match(
    listed.find((one) => one.id === id),
    { peer: alice.user },
    'each sees the other'
  )
  t.notOk(
    listed.some((one) => 'peer' in one && one.id !== id),
    'a group has none'
  )
  const again = await bob.post('conversations/', { kind: 'direct', member_ids: idsOf(alice, bob) })
  t.match(again, { status: 200, body: { id, peer: alice.user } }, 'oneself may be named too')

  const path = `conversations/${id}/`
  const refused = { status: 409, body: { code: 'direct_conversation' } }
  t.match(await alice.patch(path, { title: 'x' }), refused)
  t.match(await alice.delete(path), refused)
  t.match(await alice.post(`${path}members/`, { user_id: carol.user.id }), refused)
  t.match(await alice.patch(`${path}members/${bob.user.id}/`, { role: 'admin' }), refused)
  t.match(await alice.delete(`${path}members/${bob.user.id}/`), refused)
  t.match(await alice.delete(`${path}members/${alice.user.id}/`), refused)
  t.equal((await carol.patch(path, { title: 'x' })).status, 404)
})

t.test('rename and delete', async (t) => {
  const { id } = (await alice.post('conversations/', { member_ids: idsOf(bob, carol) })).body
  const path = `conversations/${id}/`
  t.match(await alice.patch(path, { title: 'new' }), { status: 200, body: { title: 'new', head: 4 } })
  t.match(await alice.patch(path, { title: 'new' }), { status: 200, body: { head: 4 } }, 'already so')
  t.match(await bob.patch(path, { title: 'x' }), { status: 403, body: { code: 'forbidden' } })
  t.match((await framesOf(bob, id)).at(-1), {
    type: 'conversation_changed',
    seq: 4,
    conversation: { id, kind: 'group', title: 'new' }
  })
  t.equal((await alice.patch(`${path}members/${bob.user.id}`, { role: 'admin' })).status, 200)
  t.match(await bob.patch(path, { title: null }), { status: 200, body: { title: null, head: 6 } })
  t.match(await bob.delete(path), { status: 403 })

  const key = { 'idempotency-key': 'delete-1' }
  const told = await service.toldBy(3, async () =>
    t.match(await alice.delete(path, undefined, key), { status: 204, text: '' })
  )
  t.same(new Set(told.map(({ user_id }) => user_id)), new Set(idsOf(alice, bob, carol)))
  t.match(await alice.delete(path, undefined, key), { status: 204, headers: { 'idempotent-replay': 'true' } })
  t.equal((await alice.delete(path)).status, 404)
  t.equal((await bob.delete(path, undefined, key)).status, 404, "another's key")
  for (const who of [alice, bob]) t.equal((await who.get(path)).status, 404)
  const { rows } = await pool.query(
    'select kind, seq from changes where conversation_id = $1 order by seq desc',
    [id]
  )
  t.match(rows[0], { kind: 'conversation.deleted', seq: 7 })
})

t.test('a key makes every change happen once', async (t) => {
  const key = { 'idempotency-key': 'create-1' }
  const wish = { title: 'once', member_ids: idsOf(bob) }
  const asked = await Promise.all(Array.from({ length: 4 }, () => alice.post('conversations/', wish, key)))
  t.strictSame(
    asked.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 200, 200, 201]
  )
  t.equal(new Set(asked.map(({ body }) => body.id)).size, 1)
  const path = `conversations/${asked[0]?.body.id}/`
  const conflict = { status: 409, body: { code: 'idempotency_conflict' } }
  t.match(await alice.post('conversations/', { title: 'other' }, key), conflict)
  t.match(await alice.patch(path, { title: 'once more' }, key), conflict)
  t.equal(
    (await bob.post('conversations/', { title: 'other' }, key)).status,
    201,
    "everyone's keys are their own"
  )

  const rename = { 'idempotency-key': 'rename-1' }
  t.notOk((await alice.patch(path, { title: 'a' }, rename)).headers['idempotent-replay'])
  await alice.patch(path, { title: 'b' })
  const replay = await alice.patch(path, { title: 'a' }, rename)
  t.match(
    replay,
    { status: 200, body: { title: 'b' }, headers: { 'idempotent-replay': 'true' } },
    'as it is now'
  )
  t.match(await alice.post('conversations/', wish, key), {
    status: 200,
    body: { title: 'b' },
    headers: { 'idempotent-replay': 'true' }
  })
  const failing = { 'idempotency-key': 'fail-1' }
  t.equal((await bob.patch(path, { title: 'x' }, failing)).status, 403)
  await alice.patch(`${path}members/${bob.user.id}`, { role: 'admin' })
  t.equal((await bob.patch(path, { title: 'x' }, failing)).status, 200, 'a refusal is not kept')
  await alice.delete(`${path}members/${bob.user.id}/`)
  t.equal((await bob.patch(path, { title: 'x' }, failing)).status, 404, 'who may not ask is not answered')
})

t.test('the list: newest activity first, with what it takes to show it', async (t) => {
  const dave = await service.person('dave')
  const rooms: string[] = []
  for (let n = 0; n < 5; n++) {
    rooms.push((await alice.post('conversations/', { title: `room ${n}`, member_ids: idsOf(dave) })).body.id)
  }
  await alice.post(`conversations/${rooms[1]}/messages/`, { body: 'first' })
  const second = (await alice.post(`conversations/${rooms[1]}/messages/`, { body: 'second' })).body
  await dave.post(`conversations/${rooms[3]}/messages/`, { body: 'mine' })

  const order = [3, 1, 4, 2, 0].map((n) => rooms[n])
  const { items, next_cursor } = (await dave.get('conversations/')).body
  t.equal(next_cursor, null)
  t.strictSame(
    items.map(({ id }: { id: string }) => id),
    order
  )
  t.match(items[1], { unread_count: 2, read_seq: 1, head: 4, role: 'member', last_message: second })
  t.match(items[0], { unread_count: 0, last_message: { body: 'mine', sender: dave.user } })

  const paged: string[] = []
  let cursor: string | null = ''
  for (let pages = 0; cursor !== null; pages++) {
    const page: { items: { id: string }[]; next_cursor: string | null } = (
      await dave.get(`conversations/?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    ).body
    paged.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
    if (pages === 0) await alice.post(`conversations/${rooms[0]}/messages/`, { body: 'meanwhile' })
  }
  t.strictSame(
    paged,
    order.slice(0, 4),
    'what moved to the front is not shown twice, and nothing else is lost'
  )

  await pool.query(
    `insert into messages (conversation_id, seq, id, changed_seq, sender_id, body, created_at)
     select $1, n, gen_random_uuid(), n, $2, 'x', now() from generate_series(5, 1100) n`,
    [rooms[1], alice.user.id]
  )
  t.equal((await dave.get(`conversations/${rooms[1]}/`)).body.unread_count, 1000)
  await pool.query('delete from messages where conversation_id = $1 and seq > 1001', [rooms[1]])
  t.equal((await dave.get(`conversations/${rooms[1]}/`)).body.unread_count, 999)
  await pool.query('delete from messages where conversation_id = $1 and seq > 4', [rooms[1]])
})

t.test('the number lines are dense after all that', async (t) => {
  t.strictSame(await service.sparseLines(), [])
})

t.test('a description, and what a direct conversation has none of', async (t) => {
  const wish = { title: 'garden', description: 'roses\nand beans', member_ids: idsOf(bob) }
  const made = await alice.post('conversations/', wish)
  t.match(made, { status: 201, body: { title: 'garden', description: wish.description } })
  t.notOk('public' in made.body, 'left out where it is false')
  const path = `conversations/${made.body.id}/`
  t.match(await alice.patch(path, { description: 'beans' }), {
    status: 200,
    body: { title: 'garden', description: 'beans', head: 3 }
  })
  t.match((await framesOf(bob, made.body.id)).at(-1), {
    type: 'conversation_changed',
    conversation: { title: 'garden', description: 'beans' }
  })
  t.match(
    await alice.patch(path, { title: 'garden', description: 'beans' }),
    { body: { head: 3 } },
    'already so'
  )
  const bare = await alice.patch(path, { description: null })
  t.notOk('description' in bare.body)
  t.match(await alice.patch(path, {}), { status: 400, body: { code: 'validation_failed' } })
  t.match(await alice.patch(path, { description: 'x'.repeat(2_001) }), { status: 400 })
  t.match(await alice.patch(path, { public: 'yes' }), { status: 400 })
  for (const misplaced of [{ title: 'x' }, { description: 'x' }, { public: true }]) {
    const direct = { kind: 'direct', member_ids: idsOf(bob), ...misplaced }
    t.match(await alice.post('conversations/', direct), {
      status: 400,
      body: { errors: [{ pointer: `/${Object.keys(misplaced)[0]}` }] }
    })
  }
})

t.test('public groups are found by anyone, private ones by nobody', async (t) => {
  const open = async (title: string, description?: string) =>
    (await alice.post('conversations/', { title, ...(description ? { description } : {}), public: true }))
      .body.id
  await alice.post('conversations/', { title: 'Secret chess' })
  const chess = await open('Chess club', 'Openings, endgames')
  const choir = await open('Choir')
  const empty = (await alice.post('conversations/', { public: true })).body.id
  const find = async (query = '') => (await carol.get(`conversations/public/${query}`)).body
  const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)

  const all = await find()
  t.strictSame(ids(all), [empty, choir, chess], 'the newest first')
  t.match(all.items[2], {
    title: 'Chess club',
    description: 'Openings, endgames',
    member_count: 1,
    joined: false
  })
  t.strictSame(Object.keys(all.items[1]).toSorted(), ['created_at', 'id', 'joined', 'member_count', 'title'])
  t.strictSame(ids(await find('?q=ch')), [choir, chess])
  t.strictSame(ids(await find('?q=CHE%20end')), [chess], 'every word begins one of title or description')
  t.strictSame(ids(await find('?q=hess')), [])
  for (const q of ["'", '!!', ':*', '%26%20|', 'a%00b', '\\'])
    t.same(await find(`?q=${q}`), { items: [], next_cursor: null }, q)
  const first = await find('?limit=2')
  t.strictSame([...ids(first), ...ids(await find(`?limit=2&cursor=${first.next_cursor}`))], ids(all))
  t.equal((await carol.get('conversations/public/?cursor=nonsense')).status, 400)

  await carol.post(`conversations/${choir}/join/`)
  t.match((await find('?q=choir')).items, [{ joined: true, member_count: 2 }])
  await alice.patch(`conversations/${chess}/`, { public: false })
  await alice.delete(`conversations/${empty}/`)
  t.strictSame(ids(await find()), [choir])
})
