import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import {
  decodeTraces,
  encodeTraces,
  traceHeader,
  type DurableEvent,
  decodeControl,
  decodeEvent,
  decodeRoomPages,
  encodeControl,
  encodeEvent,
  encodeRoomPages,
  eventKinds,
  joinEvents,
  type RoomPage,
  splitEvents,
  splitWhole
} from '../src/index.ts'

const id = randomUUID()

const anEvent = fc.record<DurableEvent>(
  {
    conversation_id: fc.uuid(),
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    prev: fc.nat(),
    kind: fc.constantFrom(...eventKinds),
    subject_id: fc.uuid(),
    actor_id: fc.uuid(),
    frame: fc.oneof(
      fc.constant(Buffer.alloc(0)),
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(JSON.stringify({ text })))
    )
  },
  { noNullPrototype: true }
)

t.test('an event comes back as it went, alone, joined and in a page', async (t) => {
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 8 }), (events) => {
      for (const event of events) t.strictSame(decodeEvent(encodeEvent(event)), event)
      t.strictSame(splitEvents(joinEvents(events)), events)
      const encoded = events.map((event) => ({ event, bytes: joinEvents([event]) }))
      t.strictSame(splitWhole(joinEvents(events)), events.length > 0 ? encoded : undefined)
      t.strictSame(joinEvents(events), Buffer.concat(encoded.map(({ bytes }) => bytes)))
      const page: RoomPage = {
        conversation_id: id,
        head: 9,
        next_since: 9,
        members: { [id]: { role: 'owner', read_seq: 3 } },
        events
      }
      t.strictSame(decodeRoomPages(encodeRoomPages([page, page])), [page, page])
    }),
    { numRuns: 50 }
  )
})

t.test('what is no event is undefined, whatever it is', async (t) => {
  const good = encodeEvent({
    conversation_id: id,
    seq: 1,
    prev: 0,
    kind: 'message.created',
    subject_id: id,
    actor_id: id,
    frame: Buffer.from('{}')
  }).toString()
  const bad = [
    '',
    '\n',
    'no header',
    good.replace('message.created', 'message.exploded'),
    good.replace(/^1 /, '0 '),
    good.replace(/^1 /, '1.5 '),
    good.replace(/^1 0/, '1 -1'),
    good.replace('\n', ' more\n'),
    good.replace('\n', '')
  ]
  for (const text of bad) t.equal(decodeEvent(Buffer.from(text)), undefined, JSON.stringify(text))
  fc.assert(
    fc.property(
      fc.uint8Array(),
      (bytes) => decodeEvent(bytes) === undefined && Array.isArray(splitEvents(bytes))
    )
  )
})

t.test('a broken payload gives the events before the break; broken pages throw', async (t) => {
  const event = {
    conversation_id: id,
    seq: 1,
    prev: 0,
    kind: 'member.added',
    subject_id: id,
    actor_id: id
  } as const
  const whole = joinEvents([
    { ...event, frame: Buffer.from('{}') },
    { ...event, seq: 2, frame: Buffer.from('{}') }
  ])
  t.same(
    splitEvents(whole.subarray(0, -1)).map(({ seq }) => seq),
    [1]
  )
  const page = {
    conversation_id: id,
    head: 1,
    next_since: 1,
    members: {},
    events: [{ ...event, frame: Buffer.from('{}') }]
  }
  const bytes = encodeRoomPages([page])
  t.throws(() => decodeRoomPages(bytes.subarray(0, -60)), /unreadable|early/)
  t.throws(() => decodeRoomPages(Buffer.from('{"events":1}\n')), /early/)
})

t.test('an event with a changed bit is left out, whichever bit it is', async (t) => {
  const head = { conversation_id: id, kind: 'message.created', subject_id: id, actor_id: id } as const
  const events = [1, 2].map((seq) => ({ ...head, seq, prev: seq - 1, frame: Buffer.from('{"body":"hi"}') }))
  const good = joinEvents(events)
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bad = Buffer.from(good)
    bad[bit >> 3] = (good[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    // Only the case of a checksum's letter may change.
    const read = splitWhole(bad)?.map(({ event }) => event)
    if (read) t.strictSame(read, events)
    for (const event of splitEvents(bad)) t.strictSame(event, events[event.seq - 1])
  }
})

t.test('controls are checked on arrival', async (t) => {
  const control = { type: 'read', conversation_id: id, read_seq: 4 } as const
  t.same(decodeControl(encodeControl(control)), control)
  for (const bad of [
    '',
    '{',
    'null',
    '{"type":"read"}',
    '{"type":"other"}',
    JSON.stringify({ ...control, more: 1 })
  ])
    t.equal(decodeControl(Buffer.from(bad)), undefined)
})

t.test('traces come back as they went; what is none is left out', async (t) => {
  const trace = {
    conversation_id: randomUUID(),
    seq: 7,
    context: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  }
  const values = encodeTraces([trace, { ...trace, seq: 8 }])?.[traceHeader] ?? []
  t.strictSame(decodeTraces(values), [trace, { ...trace, seq: 8 }])
  t.equal(encodeTraces([]), undefined)
  t.strictSame(decodeTraces(['', 'nothing', values[0]?.replace(' 7 ', ' x ') ?? '', 'a 1 00-zz-zz-01']), [])
})
