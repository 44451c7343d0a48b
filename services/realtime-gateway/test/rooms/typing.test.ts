// Who types: told to those who are live, and not where very many listen.
import { limits } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { encodeTextFrame } from '../../src/connection/text-frame.ts'
import { TypingExpiry } from '../../src/presence/typing-expiry.ts'
import { encodeTyping } from '../../src/rooms/typing.ts'
import { Reader, started } from './room-bench.ts'

t.test('DLV-6 what is volatile goes to live readers, not to its author', async (t) => {
  const { bench, user, join } = started()
  const mine = join()
  const others = new Reader(bench.user('bob'))
  bench.conversation.add({ id: others.user_id, username: 'bob', display_name: 'bob' })
  bench.subscribe(others)
  await bench.settle()
  bench.room.tellTyping(encodeTextFrame('{"type":"typing"}'), user.id)
  t.equal(mine.writes, 0)
  t.match(others.frames, [{ type: 'typing' }])
  bench.room.suspend()
  bench.room.tellTyping(encodeTextFrame('{"type":"typing"}'), user.id)
  t.equal(others.writes, 1, 'not to one that is behind')
})

t.test('TYP-2 who types is told in parts, and not at all where very many listen', async (t) => {
  const { bench, user } = started({ fan_out_chunk: 100 })
  const expiry = new TypingExpiry(50)
  t.teardown(() => expiry.close())
  const type = (user_id: string, on: boolean) =>
    expiry.receive(bench.room, encodeTyping({ conversation_id: bench.room.id, user_id, on }))
  bench.conversation.add({ id: 'bob', username: 'bob', display_name: 'bob' })
  const bob = { ...bench.user('bob'), id: 'bob' }
  const join = () => {
    const reader = new Reader(bob)
    bench.subscribe(reader)
    return reader
  }
  const readers = Array.from({ length: limits.typing_listeners }, join)
  await bench.settle()
  const told = () => readers.filter(({ frames }) => frames.length > 0).length
  type(user.id, true)
  t.equal(told(), 100, 'the first part at once')
  const leaving = readers.at(-1)?.subscription
  if (leaving) bench.room.drop(leaving)
  await bench.settle()
  t.equal(told(), limits.typing_listeners - 1, 'whoever left meanwhile is not told')
  for (const more of [join(), join()]) readers.push(more)
  await bench.settle()
  const news = () => readers.at(-1)?.frames ?? []
  type(user.id, true)
  const { id: eve } = bench.user('eve')
  for (const on of [true, false]) type(eve, on)
  await bench.settle()
  t.strictSame(news(), [], 'it does not begin')
  await waitUntil(() => news().length > 0, { message: 'the end of what had begun before' })
  t.match(news(), [{ type: 'typing', user_id: user.id, on: false }])
})
