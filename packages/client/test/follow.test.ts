// What is asked for on each connection, with both ends in hand.
import t from 'tap'
import { createClient } from '../src/index.ts'
import type { OutgoingFrame, Transport, TransportEvents, WireFrame } from '../src/connection/transport.ts'
import { ManualClock, turns } from './manual-clock.ts'

const user = { id: 'me', username: 'me', display_name: 'Me' }

/** A client whose transports say what they are told to. */
async function testClient(cursors: Record<string, number>) {
  const clock = new ManualClock()
  const opened: { tell: (frame: WireFrame) => void; lose: () => void; sent: OutgoingFrame[] }[] = []
  const open = async (events: TransportEvents): Promise<Transport> => {
    const sent: OutgoingFrame[] = []
    opened.push({ tell: events.frame, lose: () => events.closed(1006), sent })
    return {
      kind: 'websocket',
      duplex: true,
      user,
      send: (frame) => void sent.push(frame),
      probe: () => undefined,
      close: () => undefined
    }
  }
  const share = () => ({ open, release: () => undefined })
  const client = createClient({ url: 'http://x', clock, random: () => 0, cursors, share })
  const heard: number[] = []
  client.on('member_changed', ({ seq }) => heard.push(seq))
  await client.connect()
  const at = (n: number) => {
    const transport = opened[n]
    if (!transport) throw new Error(`no transport ${n}`)
    return transport
  }
  return { client, clock, heard, at }
}

const frame = (seq: number, prev = seq - 1) => ({
  type: 'member_changed',
  conversation_id: 'room',
  seq,
  prev
})
const subscribed = (since: number, head: number, ref?: string) => ({
  type: 'subscribed',
  conversation_id: 'room',
  since,
  head,
  ...(ref === undefined ? {} : { ref })
})

t.test('each connection begins with the cursors; a gap is asked for once', async (t) => {
  const { client, clock, heard, at } = await testClient({ room: 4 })
  t.match(at(0).sent, [{ type: 'subscribe_all', cursors: { room: 4 } }])
  at(0).tell(frame(5))
  at(0).tell(subscribed(4, 5))
  at(0).tell(frame(8))
  at(0).tell(frame(9))
  t.match(at(0).sent.slice(1), [{ type: 'subscribe', conversation_id: 'room', since: 5 }])
  t.equal(at(0).sent.length, 2)
  at(0).lose()
  await clock.pass(10)
  t.match(at(1).sent, [{ type: 'subscribe_all', cursors: { room: 5 } }])
  for (const seq of [6, 7, 8, 9]) at(1).tell(frame(seq))
  t.strictSame(heard, [5, 6, 7, 8, 9])
  t.strictSame(client.cursors(), { room: 9 })
})

t.test('DLV-1: a conversation whose answer begins beyond the cursor is asked for from there', async (t) => {
  const { at } = await testClient({ room: 4 })
  at(0).tell(subscribed(20, 20))
  t.match(at(0).sent.slice(1), [{ type: 'subscribe', conversation_id: 'room', since: 4 }])
  t.equal(at(0).sent.length, 2)
})

t.test('DRN-2: while it moves, what the old connection lacks is asked of the new one', async (t) => {
  const { clock, heard, at } = await testClient({ room: 4 })
  at(0).tell(subscribed(4, 4))
  at(0).tell({ type: 'move', within_ms: 0 })
  await clock.pass(1)
  at(1).tell(subscribed(4, 4))
  at(0).tell(frame(6))
  t.match(at(1).sent, [{ type: 'subscribe_all' }, { type: 'subscribe', conversation_id: 'room', since: 4 }])
  at(1).tell(frame(5))
  at(1).tell(frame(6))
  at(1).tell(subscribed(4, 6, at(1).sent[1]?.ref))
  at(0).tell(frame(5))
  at(1).tell(frame(8))
  await turns()
  t.match(at(1).sent.slice(2), [{ type: 'subscribe', since: 6 }], 'the next gap is asked for, too')
  t.strictSame(heard, [5, 6])
})
