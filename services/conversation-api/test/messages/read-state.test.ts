import fc from 'fast-check'
import t from 'tap'
import { api, idsOf, type Person } from '../api-harness.ts'

t.setTimeout(120_000)

const service = await api(t, { RATE_LIMITS: 'off' })
const people = await Promise.all(['ann', 'ben', 'cleo'].map((name) => service.person(name)))
const [ann, ben, cleo] = people as [Person, Person, Person]

/** What anyone would count by hand. */
interface Model {
  id: string
  head: number
  messages: { id: string; seq: number; sender: Person; deleted: boolean; mentions?: Person | undefined }[]
  members: Map<Person, { read: number }>
}

function unreadOf({ messages, members }: Model, who: Person): number {
  const read = members.get(who)?.read ?? 0
  return messages.filter(({ seq, sender, deleted }) => seq > read && sender !== who && !deleted).length
}

function mentionsOf({ messages, members }: Model, who: Person): number {
  const read = members.get(who)?.read ?? 0
  return messages.filter(
    ({ seq, sender, deleted, mentions }) => seq > read && sender !== who && !deleted && mentions === who
  ).length
}

const who = fc.nat({ max: 2 })
const which = fc.nat({ max: 50 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'mention'), who, which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'react'), who, which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), who, which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'read all'), who, which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('remove' as const, 'add', 'add'), who, which }) }
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function play(model: Model, { do: what, who: n, which: k }: Step): Promise<void> {
  const one = people[n] as Person
  const path = `conversations/${model.id}`
  const member = model.members.get(one)
  const message = model.messages[k % Math.max(model.messages.length, 1)]
  if (what === 'add' && !member) {
    const { read_seq } = (await ann.post(`${path}/members/`, { user_id: one.user.id })).body
    model.members.set(one, { read: read_seq })
  } else if (what === 'remove' && member && one !== ann) {
    await ann.delete(`${path}/members/${one.user.id}/`)
    model.members.delete(one)
  } else if (what === 'send' && member) {
    const { id, seq } = (await one.post(`${path}/messages/`, { body: `by ${n}` })).body
    model.messages.push({ id, seq, sender: one, deleted: false })
  } else if (what === 'mention' && member) {
    const mentions = people[k % people.length] as Person
    const body = `hear, @${mentions.user.username}`
    const { id, seq } = (await one.post(`${path}/messages/`, { body })).body
    const found = model.members.has(mentions) ? mentions : undefined
    model.messages.push({ id, seq, sender: one, deleted: false, mentions: found })
  } else if (what === 'read' && member) {
    const seq = Math.floor((k / 50) * (model.head + 3))
    member.read = Math.max(member.read, Math.min(seq, model.head))
    const { body } = await one.post(`${path}/read/`, { seq })
    if (body.unread_count !== unreadOf(model, one) || body.read_seq !== member.read)
      throw new Error(`read answered ${JSON.stringify(body)}, not ${unreadOf(model, one)} at ${member.read}`)
  } else if (what === 'read all' && member) {
    member.read = model.head
    await one.post('notifications/read/', k % 2 ? { conversation_id: model.id } : {})
  } else if (member && message && !message.deleted) {
    const at = `${path}/messages/${message.id}/`
    if (what === 'react') await one.put(`${at}reactions/👍/`)
    if (what === 'edit' && message.sender === one) {
      await one.patch(at, { body: `edited ${k}` })
      message.mentions = undefined
    }
    if (what === 'delete' && (message.sender === one || one === ann)) {
      await one.delete(at)
      message.deleted = true
    }
  }
}

async function check(model: Model): Promise<void> {
  model.head = (await ann.get(`conversations/${model.id}/`)).body.head
  for (const one of model.members.keys()) {
    const { unread_count, read_seq, mention_count = 0 } = (await one.get(`conversations/${model.id}/`)).body
    const wanted = unreadOf(model, one)
    if (mention_count !== mentionsOf(model, one))
      throw new Error(`${mention_count} mentions of ${one.user.username}, not ${mentionsOf(model, one)}`)
    if (unread_count !== wanted || read_seq !== model.members.get(one)?.read)
      throw new Error(`${one.user.username} has ${unread_count} unread at ${read_seq}, not ${wanted}`)
  }
}

t.test('RED-2 unread counts are what one would count by hand, after any sequence of changes', async (t) => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
    async (steps) => {
      const made = (await ann.post('conversations/', { member_ids: idsOf(ben, cleo) })).body
      const model: Model = { id: made.id, head: made.head, messages: [], members: new Map() }
      for (const one of people) {
        const { read_seq } = (await one.get(`conversations/${made.id}/`)).body
        model.members.set(one, { read: read_seq })
      }
      for (const one of steps) {
        await play(model, one)
        await check(model)
      }
      for (const one of people) {
        const unread = model.members.has(one) ? unreadOf(model, one) : 0
        const listed = (await one.get('conversations/')).body.items[0]?.unread_count ?? 0
        const inbox = (await one.get('notifications/')).body.unread
        if (listed !== unread || inbox.messages !== unread || inbox.conversations !== Math.sign(unread))
          throw new Error(`${listed} in the list, ${JSON.stringify(inbox)} in the inbox, not ${unread}`)
      }
      await ann.delete(`conversations/${made.id}/`)
    }
  )
  await fc.assert(property, { numRuns: 12 })
  t.strictSame(await service.sparseLines(), [])
})

t.test('RED-2 unread counts are exact to 999', async (t) => {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(ben) })).body
  const command = {
    user: ann.user,
    session_id: id,
    frame: { type: 'send', conversation_id: id, body: 'x' }
  } as const
  const send = (times = 1) => service.api.execute(Array(times).fill(command))
  const unread = async () => (await ben.get(`conversations/${id}/`)).body.unread_count
  const sent = await send(999)
  t.equal(await unread(), 999)
  await send()
  t.equal(await unread(), 1_000)
  await send()
  t.equal(await unread(), 1_000, 'or more')
  for (const one of sent.slice(0, 2))
    if (one.ok) await ann.delete(`conversations/${id}/messages/${one.message_id}/`)
  t.equal(await unread(), 999)
  await ann.delete(`conversations/${id}/`)
})

t.test('RED-1 reading on one device clears all of them', async (t) => {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(ben) })).body
  const { seq } = (await ann.post(`conversations/${id}/messages/`, { body: 'x' })).body
  const told = await service.toldBy(1, () => ben.post(`conversations/${id}/read/`, { seq }))
  t.match(told, [{ user_id: ben.user.id, control: { type: 'read', conversation_id: id, read_seq: seq } }])
  await ben.post(`conversations/${id}/read/`, { seq: seq - 1 })
  t.match((await ben.get(`conversations/${id}/`)).body, { read_seq: seq, unread_count: 0 }, 'never back')
})

t.test('who has seen a message', async (t) => {
  const late = await service.person('late')
  // By id, and ids of one millisecond are in no order.
  const both = [ben.user, cleo.user].toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(ben, cleo) })).body
  const send = async (by: Person) => (await by.post(`conversations/${id}/messages/`, { body: 'x' })).body
  const [first, second] = [await send(ann), await send(ann)]
  const seen = async (message: { id: string }, by = ann, query = '') =>
    by.get(`conversations/${id}/messages/${message.id}/seen/${query}`)
  t.strictSame((await seen(first)).body, { items: [], next_cursor: null })
  await ben.post(`conversations/${id}/read/`, { seq: first.seq })
  await cleo.post(`conversations/${id}/read/`, { seq: second.seq })
  await ann.post(`conversations/${id}/read/`, { seq: second.seq })
  await ann.post(`conversations/${id}/members/`, { user_id: late.user.id })
  t.strictSame((await seen(first)).body.items, both, 'not the sender, not who came later')
  t.strictSame((await seen(second, cleo)).body.items, [cleo.user])
  const page = (await seen(first, ann, '?limit=1')).body
  const rest = (await seen(first, ann, `?limit=1&cursor=${page.next_cursor}`)).body
  t.strictSame([page.items, rest.items], [both.slice(0, 1), both.slice(1)])

  t.match(await cleo.patch('privacy/', { hide_reads: true }), {
    status: 200,
    body: { hide_reads: true, hide_presence: false }
  })
  t.strictSame((await seen(first)).body.items, [ben.user], 'SEC-PRIVACY who hides is not there')
  const members = (await ann.get(`conversations/${id}/members/`)).body.items
  const listed = members.find(({ user }: { user: { id: string } }) => user.id === cleo.user.id)
  t.equal(listed.read_seq, listed.joined_seq, 'nor in the list of members')
  const feed = (await ann.get(`conversations/${id}/changes/?since=0`)).body.items
  const added = feed.find(
    ({ member }: { member?: { user: { id: string } } }) => member?.user.id === cleo.user.id
  )
  t.equal(added.member.read_seq, listed.joined_seq, 'nor in the change feed')
  await cleo.patch('privacy/', { hide_reads: false })
  t.strictSame((await seen(first)).body.items, both)

  await ann.delete(`conversations/${id}/members/${ben.user.id}/`)
  t.strictSame((await seen(first)).body.items, [cleo.user])
  t.equal((await seen(first, ben)).status, 404)
})
