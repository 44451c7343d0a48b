import { simpleFrames, validator } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { ofType, startGateway } from '../test-gateway.ts'

const validators = new Map(Object.entries(simpleFrames).map(([type, schema]) => [type, validator(schema)]))

t.test('the simple dialect', async (t) => {
  const { api, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const path = `/ws/chat/${room.id}/`
  const [a, b] = [await open(path, ada), await open(path, bob)]

  t.test(
    'SMP-1 SMP-2 a text under either name goes to everyone, its sender too, under both names',
    async (t) => {
      t.equal(a.protocol, '')
      for (const [n, frame] of [
        { body: 'one' },
        { content: 'two' },
        { type: 'message', body: 'three', chat: 5 }
      ].entries()) {
        a.send(frame)
        const text = ['one', 'two', 'three'][n]
        for (const socket of [a, b]) {
          const received = await socket.next()
          t.match(received, {
            type: 'message',
            message: { conversation: room.id, chat: room.id, body: text, content: text, sender: ada.user }
          })
          t.ok(validators.get('message')?.(received))
        }
      }
    }
  )

  t.test('SND-2 a client_id makes its retry safe', async (t) => {
    const { head } = room
    for (let n = 0; n < 2; n++) a.send({ content: 'again', client_id: 'k' })
    await b.next()
    a.send({ body: 'next' })
    t.match(await b.next(), { message: { body: 'next', seq: head + 2 } })
  })

  t.test('SMP-2 edits and deletions are told, reactions and members are not', async (t) => {
    const { id } = room.send(ada.user, 'text').message
    room.react(bob.user, id, '+')
    room.add(api.signIn('carol').user)
    room.edit(ada.user, id, 'better')
    room.erase(ada.user, id)
    t.match(await b.next(), { type: 'message', message: { id } })
    const edited = await b.next()
    t.match(edited, { type: 'message_edited', message: { id, content: 'better' } })
    const deleted = await b.next()
    t.strictSame(deleted, {
      type: 'message_deleted',
      message_id: id,
      conversation: room.id,
      chat: room.id,
      seq: room.head
    })
    t.ok(validators.get('message_edited')?.(edited) && validators.get('message_deleted')?.(deleted))
  })

  t.test('SMP-4 since= replays what was missed, each message once as a new one', async (t) => {
    const since = room.head
    const first = room.send(ada.user, 'missed').message
    room.edit(ada.user, first.id, 'missed, edited')
    const second = room.send(ada.user, 'also missed').message
    room.react(bob.user, second.id, '+')
    const socket = await open(`${path}?since=${since}`, bob)
    t.match(await socket.next(), { type: 'message', message: { id: first.id, body: 'missed, edited' } })
    t.match(await socket.next(), { type: 'message', message: { id: second.id } })
    room.edit(ada.user, first.id, 'edited again')
    t.match(await socket.next(), { type: 'message_edited', message: { id: first.id } })
  })

  t.test('SMP-3 what cannot be sent is an error with a code', async (t) => {
    const socket = await open(path, bob)
    for (const bad of [
      '{',
      '[]',
      {},
      { body: 5 },
      { body: '  ' },
      { content: 'x'.repeat(16_001) },
      { text: 'x' }
    ]) {
      socket.send(bad)
      const error = await socket.next()
      t.match(error, { type: 'error', code: /malformed_frame|validation_failed/, detail: String })
      t.ok(validators.get('error')?.(error))
    }
    api.fail('execute')
    socket.send({ body: 'x' })
    t.match(await socket.next(), { type: 'error', code: 'unavailable', retry_after_ms: 1_000 })
    api.heal()
  })
})

t.test('SMP-5 notifications: new messages of others and deletions, from all my rooms', async (t) => {
  const { api, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const rooms = [api.conversation(ada.user, bob.user), api.conversation(bob.user, ada.user)]
  const socket = await open('/ws/notifications/', ada)
  await waitUntil(() => api.countOf('readRooms') > 0, { message: 'the rooms are being opened' })
  const emoji = '👩‍🚀'.repeat(100)
  for (const room of rooms) {
    room.send(ada.user, 'my own')
    const { message } = room.send(bob.user, emoji)
    room.edit(bob.user, message.id, 'edited')
    const notification = await socket.next()
    t.strictSame(notification, {
      type: 'notification',
      kind: 'new_message',
      conversation_id: room.id,
      message_id: message.id,
      seq: message.seq,
      sender: bob.user,
      preview: Array.from(emoji).slice(0, 140).join('')
    })
    t.ok(validators.get('notification')?.(notification))
    room.erase(bob.user, message.id)
    t.match(await socket.next(), {
      kind: 'message_deleted',
      message_id: message.id,
      seq: room.head,
      preview: null
    })
  }

  t.test('also from rooms that come later', async (t) => {
    const later = api.conversation(bob.user)
    later.add(ada.user)
    later.send(bob.user, 'welcome')
    t.match(await socket.next(), { kind: 'new_message', conversation_id: later.id, preview: 'welcome' })
    rooms[0]?.remove(ada.user)
    rooms[0]?.send(bob.user, 'gone')
    later.send(bob.user, 'still')
    t.match(await socket.next(), { preview: 'still' })
  })

  t.test('nothing can be said on it', async (t) => {
    socket.send({ body: 'x' })
    t.match(await socket.next(ofType('error')), { code: 'unknown_frame' })
  })
})
