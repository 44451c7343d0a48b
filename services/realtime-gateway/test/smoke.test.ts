import t from 'tap'
import { ofType, startGateway } from './test-gateway.ts'

t.test('smoke', async (t) => {
  const { api, open, openAll } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const a = await open(`/ws/chat/${room.id}/`, ada)
  const b = await openAll(bob)
  b.send({ type: 'subscribe', conversation_id: room.id, ref: 1, since: 0 })
  t.match(await b.next(ofType('member_added')), { seq: 1, prev: 0 })
  t.match(await b.next(ofType('subscribed')), { ref: 1, head: 2, role: 'member' })
  a.send({ body: 'hi' })
  t.match(await a.next(ofType('message')), { message: { body: 'hi', content: 'hi' } })
  t.match(await b.next(ofType('message')), { seq: 3, prev: 2 })
  b.send({ type: 'send', conversation_id: room.id, client_id: 'x', body: 'yo', ref: 'r' })
  t.match(await b.next(ofType('ack')), { seq: 4, ref: 'r' })
})
