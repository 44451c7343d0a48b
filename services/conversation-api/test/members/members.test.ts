import { limits } from '@parley/contracts'
import t from 'tap'
import { api, idsOf, type Person } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { pool, person } = service
const owner = await person('owner')
const admin = await person('admin')
const member = await person('member')
const outsider = await person('outsider')

/** A group with an owner, an admin and a member. */
async function group(): Promise<string> {
  const { id } = (await owner.post('conversations/', { member_ids: idsOf(admin, member) })).body
  await owner.patch(`conversations/${id}/members/${admin.user.id}/`, { role: 'admin' })
  return `conversations/${id}/`
}

async function headOf(path: string, who: Person = owner): Promise<number> {
  return (await who.get(path)).body.head
}

t.test('added, changed, removed, added again', async (t) => {
  const path = await group()
  const eve = await person('eve')
  const at = `${path}members/${eve.user.id}/`
  const add = () => admin.post(`${path}members/`, { user_id: eve.user.id })
  const told = await service.toldBy(1, async () => {
    const added = await add()
    t.strictSame(added.body, { user: eve.user, role: 'member', joined_seq: 5, read_seq: 4 })
    t.equal(added.status, 201)
  })
  t.match(told, [{ user_id: eve.user.id, control: { type: 'rooms_changed', rooms_version: 1 } }])
  t.match(await admin.post(`${path}members/`, { user_id: eve.user.id, role: 'admin' }), {
    status: 200,
    body: { role: 'member', joined_seq: 5 }
  })
  t.equal(await headOf(path), 5, 'a member already: nothing happened')

  t.match(await owner.patch(at, { role: 'admin' }), { status: 200, body: { role: 'admin', joined_seq: 5 } })
  t.match(await owner.patch(at, { role: 'admin' }), { status: 200 })
  t.equal(await headOf(path), 6)

  const removal = await service.toldBy(1, async () =>
    t.match(await admin.delete(at), { status: 204, text: '' })
  )
  t.match(removal, [{ user_id: eve.user.id, control: { rooms_version: 2 } }])
  t.equal((await admin.delete(at)).status, 404)
  t.equal((await owner.patch(at, { role: 'member' })).status, 404)
  t.equal((await eve.get(path)).status, 404, 'SEC-REMOVED sees nothing')
  t.equal((await eve.post(`${path}messages/`, { body: 'x' })).status, 404, 'SEC-REMOVED says nothing')

  const back = await owner.post(`${path}members/`, { user_id: eve.user.id, role: 'owner' })
  t.match(back, { status: 201, body: { role: 'owner', joined_seq: 8, read_seq: 7 } })
  t.match((await eve.get(path)).body, { role: 'owner', head: 8, member_count: 4 })
  const { items } = (await eve.get(`${path}changes/?since=4`)).body
  t.match(items, [{ type: 'member_added', seq: 8, member: { joined_seq: 8 } }], 'one row, where it is now')
})

t.test('SEC-ROLES who may do what', async (t) => {
  const path = await group()
  const dave = await person('dave')
  const forbidden = { status: 403, body: { code: 'forbidden' } }
  const at = (who: Person) => `${path}members/${who.user.id}/`
  t.match(await member.post(`${path}members/`, { user_id: dave.user.id }), forbidden)
  t.match(await admin.post(`${path}members/`, { user_id: dave.user.id, role: 'owner' }), forbidden)
  t.match(await admin.patch(at(member), { role: 'admin' }), forbidden)
  t.match(await member.patch(at(member), { role: 'owner' }), forbidden)
  t.match(await member.delete(at(admin)), forbidden)
  t.match(await member.delete(at(outsider)), forbidden)
  t.match(await admin.delete(at(owner)), forbidden)
  for (const reply of [
    await outsider.get(`${path}members/`),
    await outsider.post(`${path}members/`, { user_id: outsider.user.id }),
    await outsider.patch(at(member), { role: 'admin' }),
    await outsider.delete(at(outsider)),
    await outsider.delete(at(member))
  ])
    t.equal(reply.status, 404)
  t.equal(await headOf(path), 4, 'nothing happened')
  t.equal((await admin.delete(at(member))).status, 204)
})

t.test('GRP-2 a group keeps an owner', async (t) => {
  const path = await group()
  const last = { status: 409, body: { code: 'last_owner' } }
  const self = `${path}members/${owner.user.id}/`
  t.match(await owner.patch(self, { role: 'member' }), last)
  t.match(await owner.delete(self), last)
  await owner.patch(`${path}members/${admin.user.id}/`, { role: 'owner' })
  const both = await Promise.all([
    owner.patch(self, { role: 'member' }),
    admin.patch(`${path}members/${admin.user.id}/`, { role: 'member' })
  ])
  t.strictSame(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
    'also when both step back at once'
  )

  const alone = `conversations/${(await owner.post('conversations/')).body.id}/`
  t.equal((await owner.delete(`${alone}members/${owner.user.id}/`)).status, 204, 'alone one may leave')
  t.equal((await owner.get(alone)).status, 404)
})

t.test('leaving and adding again with keys', async (t) => {
  const path = await group()
  const self = `${path}members/${member.user.id}/`
  const key = { 'idempotency-key': 'leave-1' }
  t.equal((await member.delete(self, undefined, key)).status, 204)
  t.match(await member.delete(self, undefined, key), {
    status: 204,
    headers: { 'idempotent-replay': 'true' }
  })
  t.equal((await member.delete(self)).status, 404)

  const add = { 'idempotency-key': 'add-1' }
  const wish = { user_id: member.user.id }
  t.match(await owner.post(`${path}members/`, wish, add), { status: 201, body: { joined_seq: 6 } })
  t.match(await owner.post(`${path}members/`, wish, add), {
    status: 200,
    body: { joined_seq: 6 },
    headers: { 'idempotent-replay': 'true' }
  })
  t.match(await owner.post(`${path}members/`, { user_id: outsider.user.id }, add), { status: 409 })
  t.match(await member.delete(self, undefined, key), {
    status: 204,
    headers: { 'idempotent-replay': 'true' }
  })
  t.equal(await headOf(path, member), 6, 'a late retry does not remove who came back')
})

t.test('a full group', async (t) => {
  const path = await group()
  await pool.query('update conversations set member_count = $1 where id = $2', [
    limits.members_per_group,
    path.split('/')[1]
  ])
  const full = await owner.post(`${path}members/`, { user_id: outsider.user.id })
  t.match(full, { status: 409, body: { code: 'members_full' } })
  await pool.query('update conversations set member_count = 3 where id = $1', [path.split('/')[1]])
})

t.test('listed in the order in which they joined', async (t) => {
  const path = await group()
  const late = await Promise.all(['l1', 'l2', 'l3'].map((name) => person(name)))
  await Promise.all(late.map(({ user }) => owner.post(`${path}members/`, { user_id: user.id })))
  const all = (await member.get(`${path}members/`)).body
  t.equal(all.next_cursor, null)
  const joined = all.items.map(({ joined_seq }: { joined_seq: number }) => joined_seq)
  t.strictSame(joined, [1, 2, 3, 5, 6, 7], 'added at once, each with a number of its own')
  const first = (await member.get(`${path}members/?limit=4`)).body
  await owner.delete(`${path}members/${first.items[3].user.id}/`)
  const second = (await member.get(`${path}members/?limit=4&cursor=${first.next_cursor}`)).body
  t.strictSame([...first.items, ...second.items], all.items)
  t.equal(second.next_cursor, null)
})

t.test('many changes at once leave dense lines and right counts', async (t) => {
  const path = await group()
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => person(`many${n}`)))
  await Promise.all([
    ...people.map(async (one, n) => {
      const at = `${path}members/${one.user.id}/`
      await owner.post(`${path}members/`, { user_id: one.user.id })
      await one.post(`${path}messages/`, { body: 'hi' })
      if (n % 2) await admin.delete(at)
      else await one.patch(path, { title: `${n}` })
    }),
    ...Array.from({ length: 8 }, (_, n) => member.post(`${path}messages/`, { body: `m${n}` }))
  ])
  t.match((await owner.get(path)).body, { member_count: 7 })
  t.strictSame(await service.sparseLines(), [])
  const { rows } = await pool.query(`
    select c.id from conversations c left join members m on m.conversation_id = c.id and m.removed_at is null
    group by c.id having count(m.user_id) <> c.member_count`)
  t.strictSame(rows, [])
})

t.test('GRP-3 handing a group over', async (t) => {
  const path = await group()
  const to = (who: Person) => ({ user_id: who.user.id })
  const key = { 'idempotency-key': 'hand-over-1' }
  t.match(await admin.post(`${path}hand-over/`, to(admin)), { status: 403, body: { code: 'forbidden' } })
  t.match(await owner.post(`${path}hand-over/`, to(owner)), { status: 400 })
  t.match(await owner.post(`${path}hand-over/`, to(outsider)), { status: 404 })
  t.match(await outsider.post(`${path}hand-over/`, to(outsider)), { status: 404 })
  t.equal(await headOf(path), 4, 'nothing happened')

  t.match(await owner.post(`${path}hand-over/`, to(member), key), {
    status: 200,
    body: { user: member.user, role: 'owner' }
  })
  const { items } = (await member.get(`${path}changes/?since=4`)).body
  t.match(items, [
    { type: 'member_changed', seq: 5, member: { user: member.user, role: 'owner' } },
    { type: 'member_changed', seq: 6, member: { user: owner.user, role: 'admin' } }
  ])
  t.match(await owner.post(`${path}hand-over/`, to(member), key), {
    status: 200,
    headers: { 'idempotent-replay': 'true' }
  })
  t.match(await owner.post(`${path}hand-over/`, to(admin)), { status: 403 }, 'it is not theirs any more')
  t.equal((await owner.delete(`${path}members/${owner.user.id}/`)).status, 204, 'and they may leave')

  const direct = (await owner.post('conversations/', { kind: 'direct', member_ids: idsOf(admin) })).body
  t.match(await owner.post(`conversations/${direct.id}/hand-over/`, to(admin)), {
    status: 409,
    body: { code: 'direct_conversation' }
  })
})

t.test('two owners who hand over to each other leave one', async (t) => {
  const path = await group()
  await owner.patch(`${path}members/${admin.user.id}/`, { role: 'owner' })
  await Promise.all([
    owner.post(`${path}hand-over/`, { user_id: admin.user.id }),
    admin.post(`${path}hand-over/`, { user_id: owner.user.id })
  ])
  const { items } = (await member.get(`${path}members/`)).body
  const owners = items.filter(({ role }: { role: string }) => role === 'owner')
  t.equal(owners.length, 1)
  t.strictSame(await service.sparseLines(), [])
})

t.test('GRP-1 joining a public group', async (t) => {
  const path = await group()
  const eve = await person('joiner')
  const hidden = { status: 404, body: { code: 'not_found' } }
  t.match(await eve.post(`${path}join/`), hidden, 'not public')
  t.match(await admin.patch(path, { public: true }), { status: 403 }, 'owners open it')
  t.match(await owner.patch(path, { public: true }), { status: 200, body: { public: true } })
  t.match(await eve.get(path), hidden, 'it may be joined, not read')
  t.match(await eve.get(`${path}messages/`), hidden)

  const key = { 'idempotency-key': 'join-1' }
  const told = await service.toldBy(1, async () => {
    t.match(await eve.post(`${path}join/`, undefined, key), {
      status: 201,
      body: { role: 'member', head: 6, read_seq: 6, member_count: 4, public: true }
    })
  })
  t.match(told, [{ user_id: eve.user.id, control: { type: 'rooms_changed' } }])
  t.match(await eve.post(`${path}join/`, undefined, key), {
    status: 200,
    headers: { 'idempotent-replay': 'true' }
  })
  t.match(await eve.post(`${path}join/`), { status: 200, body: { head: 6 } }, 'already so')
  t.match((await owner.get(`${path}changes/?since=5`)).body.items, [
    { type: 'member_added', seq: 6, member: { user: eve.user, role: 'member' } }
  ])

  await owner.delete(`${path}members/${eve.user.id}/`)
  t.match(
    await eve.post(`${path}join/`, undefined, key),
    hidden,
    'a late retry does not bring back who was removed'
  )
  t.match((await owner.get(path)).body, { member_count: 3 })
  t.equal((await eve.post(`${path}join/`)).status, 201, 'asking anew does')
  await owner.patch(path, { public: false })
  t.notOk('public' in (await owner.get(path)).body)
  t.match(await outsider.post(`${path}join/`), hidden)

  await owner.patch(path, { public: true })
  await pool.query('update conversations set member_count = $1 where id = $2', [
    limits.members_per_group,
    path.split('/')[1]
  ])
  t.match(await outsider.post(`${path}join/`), { status: 409, body: { code: 'members_full' } })
  await pool.query('update conversations set member_count = 4 where id = $1', [path.split('/')[1]])
  await owner.delete(path)
  t.match(await outsider.post(`${path}join/`), hidden, 'deleted')
})

t.test('many who join at once', async (t) => {
  const path = await group()
  await owner.patch(path, { public: true })
  const people = await Promise.all(Array.from({ length: 10 }, (_, n) => person(`crowd${n}`)))
  const answers = await Promise.all(
    people.flatMap((one) => [one.post(`${path}join/`), one.post(`${path}join/`)])
  )
  t.equal(answers.filter(({ status }) => status === 201).length, 10, 'each once')
  t.match((await owner.get(path)).body, { member_count: 13 })
  t.strictSame(await service.sparseLines(), [])
})
