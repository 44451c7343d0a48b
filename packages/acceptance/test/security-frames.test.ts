// Who may say and hear what over sockets: every address, every client frame and every durable frame × every kind of caller.
import { type ClientFrameType, clientFrames, type DurableFrameType, durableFrames } from '@parley/contracts'
import { openSocket, type TestSocket, UpgradeRefused } from '@parley/testing'
import t from 'tap'
import {
  absentRoom,
  type Actor,
  actors,
  eventMatrix,
  frameMatrix,
  headersOf,
  insiders,
  makeRoom,
  makeWorld,
  outsiders,
  refusedUpgrade,
  type Room,
  say,
  strangers,
  upgradeMatrix
} from '../src/index.ts'
import { endSessions } from './end-sessions.ts'
import { securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const protocol = 'parley.v1'
const parley = await securedParley(t)
const world = await makeWorld(parley.url)
const { people, room } = world

// Opened while their sessions were good.
const formerly = await Promise.all(
  strangers
    .filter((actor) => actor !== 'anonymous')
    .map(async (actor) => {
      const socket = await people[actor].connect('/ws/', { protocol })
      socket.send({ type: 'subscribe', conversation_id: room.conversation_id })
      await socket.next(({ type }) => type === 'subscribed')
      const stream = await fetch(
        `${parley.url}/messaging/api/conversations/${room.conversation_id}/events/`,
        {
          headers: { ...headersOf(world, actor), accept: 'text/event-stream' }
        }
      )
      return { actor, socket, stream }
    })
)
await endSessions(world, parley)
const ended = performance.now()

t.test('SEC-AUTHORISATION every client frame and every durable frame has a row', async (t) => {
  t.strictSame(Object.keys(frameMatrix).toSorted(), Object.keys(clientFrames).toSorted())
  t.strictSame(Object.keys(eventMatrix).toSorted(), Object.keys(durableFrames).toSorted())
})

t.test(
  'SEC-AUTHORISATION the sockets and event streams of an ended session end, whatever is sent on them',
  async (t) => {
    const said = () => people.owner.api.get(`/messaging/api/conversations/${room.conversation_id}/`)
    const before = (await said()).body
    for (const { actor, socket, stream } of formerly) {
      const { code } = await socket.closed
      t.equal(code, 4501, actor)
      t.equal(stream.status, 200)
      await stream.text()
      t.ok(performance.now() - ended < 5_000)
      const client_id = `late-${actor}`
      socket.ws.send(
        JSON.stringify({ type: 'send', conversation_id: room.conversation_id, client_id, body: 'late' }),
        () => undefined
      )
    }
    t.strictSame((await said()).body, before)
  }
)

t.test('SEC-AUTHORISATION whoever may not gets no socket, absent and forbidden alike', async (t) => {
  const wrong: string[] = []
  const absent = absentRoom(room)
  for (const [address, expected] of Object.entries(upgradeMatrix))
    for (const actor of actors) {
      const upgrade = (one: Room) => upgradeOf(actor, address, one)
      const { status, text } = await upgrade(room)
      if (status !== expected[actor]) wrong.push(`${address} by ${actor}: ${status}, not ${expected[actor]}`)
      const other = await upgrade(absent)
      if (expected[actor] === 404 && (other.status !== 404 || other.text !== text))
        wrong.push(`${address} by ${actor}: ${text} but ${other.text}`)
    }
  t.strictSame(wrong, [])
})

async function upgradeOf(
  actor: Actor,
  address: string,
  { conversation_id }: Room
): Promise<{ status: number; text: string }> {
  const url = parley.url + address.replace('{conversation_id}', conversation_id)
  try {
    const asked = address === '/ws/' ? { protocol } : {}
    const socket = await openSocket(url, { ...asked, headers: headersOf(world, actor) })
    await socket.close()
    return { status: 101, text: '' }
  } catch (error) {
    if (!(error instanceof UpgradeRefused)) throw error
    const names = Object.keys(error.headers).toSorted().join()
    return { status: error.status, text: `${names} ${error.body.replaceAll(conversation_id, '<id>')}` }
  }
}

const askers = [...outsiders, ...insiders] as const

t.test(
  'SEC-AUTHORISATION each frame is answered as its sender may, absent and forbidden alike',
  async (t) => {
    const wrong: string[] = []
    const absent = absentRoom(room)
    for (const type of Object.keys(frameMatrix) as ClientFrameType[])
      for (const actor of askers) {
        const row = frameMatrix[type]
        const expected = row.expected[actor]
        const inside = (insiders as readonly Actor[]).includes(actor)
        const one = row.changesRoom && inside ? await world.makeRoom() : room
        const answer = await answerOf(actor, type, one)
        if (answer.kind !== expected) wrong.push(`${type} by ${actor}: ${answer.kind}, not ${expected}`)
        if (inside) continue
        if (answer.seen.includes(world.canary)) wrong.push(`${type} tells ${actor} what was said`)
        const other = await answerOf(actor, type, absent)
        if (answer.text !== other.text) wrong.push(`${type} by ${actor}: ${answer.text} but ${other.text}`)
      }
    t.strictSame(wrong, [])
  }
)

interface FrameAnswer {
  kind: string
  /** With the same words for all ids. */
  text: string
  /** All that the socket got. */
  seen: string
}

async function answerOf(
  actor: (typeof askers)[number],
  type: ClientFrameType,
  one: Room
): Promise<FrameAnswer> {
  const row = frameMatrix[type]
  const { conversation_id, message_id, removed_message_id } = one
  const socket = await people[actor].connect('/ws/', { protocol })
  await socket.next((frame) => frame.type === 'welcome')
  if (row.subscribes && (insiders as readonly Actor[]).includes(actor)) {
    socket.send({ type: 'subscribe', conversation_id })
    await socket.next((frame) => frame.type === 'subscribed')
  }
  // The removed one asks for what it wrote itself.
  const about = actor === 'removed' ? { ...one, message_id: removed_message_id } : one
  socket.send({ type, ref: 'asked', ...row.frame(about) })
  // Answered on the spot, and so after whatever is answered on the spot.
  if (row.expected[actor] === 'nothing') socket.send({ type: 'nothing', ref: 'after' })
  const answer = await socket.next(({ ref }) => ref === 'asked' || ref === 'after')
  const seen = JSON.stringify(socket.frames)
  await socket.close()
  const text = [conversation_id, message_id, removed_message_id].reduce(
    (left, id) => left.replaceAll(id, '<id>'),
    JSON.stringify(answer)
  )
  const kind = answer.ref === 'after' ? 'nothing' : answer.type === 'error' ? answer.code : answer.type
  return { kind: String(kind), text, seen }
}

t.test('SEC-AUTHORISATION a reply to a message of another conversation is one to none', async (t) => {
  const elsewhere = await makeRoom(people.owner)
  const secret = await say(people.owner, elsewhere, 'elsewhere')
  const { api } = people.member
  const path = `/messaging/api/conversations/${room.conversation_id}/messages/`
  const [foreign, none] = await Promise.all(
    [secret.id, absentRoom(room).message_id].map(async (reply_to_id) => {
      const { status, body } = await api.post(path, { body: 'reply', reply_to_id })
      return JSON.stringify({ status, body }).replaceAll(reply_to_id, '<id>')
    })
  )
  t.equal(foreign, none)
  t.match(foreign, /"status":4\d\d/)
})

t.test('SEC-AUTHORISATION each durable frame reaches the members, and nobody else', async (t) => {
  const at = await world.makeRoom()
  const { conversation_id } = at
  const everyone = { ...people, bystander: world.bystander, newcomer: world.newcomer }
  const hearers = [...outsiders, ...insiders, 'bystander', 'newcomer'] as const
  const sockets = Object.fromEntries(
    await Promise.all(
      hearers.map(async (name) => {
        const all = await everyone[name].connect('/ws/', { protocol })
        all.send({ type: 'subscribe_all', ref: 1 })
        await all.next(({ type }) => type === 'subscribed_all')
        return [name, { all, notifications: await everyone[name].connect('/ws/notifications/') }]
      })
    )
  ) as Record<(typeof hearers)[number], { all: TestSocket; notifications: TestSocket }>
  for (const outsider of outsiders) {
    sockets[outsider].all.send({ type: 'subscribe', conversation_id, since: 0, ref: 2 })
    t.match(await sockets[outsider].all.next(({ ref }) => ref === 2), { type: 'error', code: 'not_found' })
  }

  for (const type of Object.keys(eventMatrix) as DurableFrameType[]) {
    const { cause, alsoTo } = eventMatrix[type]
    await cause(world, at)
    for (const name of alsoTo ? [...insiders, alsoTo] : insiders) {
      const isIt = (frame: { type?: string }) =>
        frame.type === type && 'conversation_id' in frame && frame.conversation_id === conversation_id
      const frame = await sockets[name].all.next(isIt)
      t.ok(Number(frame.seq) > 0, `${type} reaches ${name}`)
    }
  }

  // What outsiders hear of their own comes after all that: by then they would have heard the rest.
  for (const outsider of outsiders) {
    const { all, notifications } = sockets[outsider]
    const own = await makeRoom(world.newcomer, people[outsider])
    await say(world.newcomer, own, 'for the outsiders')
    await all.next(({ type, conversation_id: id }) => type === 'message' && id === own)
    await notifications.next(({ conversation_id: id }) => id === own)
    const heard = JSON.stringify([all.frames.filter(({ ref }) => ref !== 2), notifications.frames])
    t.notOk(heard.includes(conversation_id), `${outsider} heard nothing of it`)
    t.notOk(heard.includes(world.canary))
  }
  const { all } = sockets.bystander
  const removal = all.frames.findIndex(
    ({ type, conversation_id: id }) => type === 'member_removed' && id === conversation_id
  )
  const after = all.frames.slice(removal + 1).filter(({ conversation_id: id }) => id === conversation_id)
  t.strictSame(
    after.map(({ type }) => type),
    ['unsubscribed'],
    'who was removed heard so, and nothing more'
  )
  for (const { all: one, notifications } of Object.values(sockets))
    await Promise.all([one.close(), notifications.close()])
})

t.test('SEC-AUTHORISATION typing is for the members who listen, read positions for oneself', async (t) => {
  const at = await world.makeRoom()
  const { conversation_id } = at
  const [member, admin, outsider] = await Promise.all(
    (['member', 'admin', 'outsider'] as const).map((name) => people[name].connect('/ws/', { protocol }))
  )
  if (!member || !admin || !outsider) throw new Error('three sockets')
  const elsewhere = await people.member.connect('/ws/', { protocol })
  for (const socket of [member, admin, elsewhere]) {
    socket.send({ type: 'subscribe', conversation_id })
    await socket.next(({ type }) => type === 'subscribed')
  }
  member.send({ type: 'typing', conversation_id, on: true })
  member.send({ type: 'read', conversation_id, seq: 1_000, ref: 'read' })
  t.match(await admin.next(({ type }) => type === 'typing'), {
    conversation_id,
    user_id: people.member.user.id
  })
  t.match(await elsewhere.next(({ type }) => type === 'read'), { conversation_id })
  await say(people.member, conversation_id, 'after it')
  await admin.next(({ type }) => type === 'message')
  t.notOk(admin.frames.some(({ type }) => type === 'read'))
  t.strictSame(
    outsider.frames.map(({ type }) => type),
    ['welcome']
  )
  for (const socket of [member, admin, outsider, elsewhere]) await socket.close()
})

t.test('REV-5 SEC-AUTHORISATION a resume is checked anew', async (t) => {
  const at = await world.makeRoom()
  const { conversation_id } = at
  const { bystander } = world
  const path = `/ws/chat/${conversation_id}/`
  const socket = await bystander.connect(path, { protocol })
  await socket.next(({ type }) => type === 'subscribed')
  const all = await bystander.connect('/ws/', { protocol })
  await people.owner.api.delete(`/messaging/api/conversations/${conversation_id}/members/${at.user_id}/`)
  t.equal((await socket.closed).code, 4503)
  t.equal(await refusedUpgrade(bystander.connect(`${path}?since=1`, { protocol })), '404 not_found')
  all.send({ type: 'subscribe', conversation_id, since: 1, ref: 1 })
  t.match(await all.next(({ ref }) => ref === 1), { type: 'error', code: 'not_found' })
  all.send({ type: 'subscribe_all', cursors: { [conversation_id]: 1 }, ref: 2 })
  t.match(await all.next(({ ref }) => ref === 2), { type: 'error', code: 'not_found', conversation_id })
  t.notOk(all.frames.some(({ type }) => type === 'message'))
  await all.close()
})
