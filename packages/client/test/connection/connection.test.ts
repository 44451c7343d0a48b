// The state machine with time in hand: what the README's table says, when attempts are made, and how a connection is moved.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Connection } from '../../src/connection/connection.ts'
import { type Status, transitions } from '../../src/connection/machine.ts'
import type { OutgoingFrame, Transport, TransportEvents, WireFrame } from '../../src/connection/transport.ts'
import { errorOf, NetworkError, type ParleyError, UnauthenticatedError } from '../../src/errors.ts'
import { ManualClock, turns } from '../manual-clock.ts'

const user = { id: 'me', username: 'me', display_name: 'Me' }

interface Line extends Transport {
  events: TransportEvents
  sent: OutgoingFrame[]
  closed: boolean
  probes: number
}

/** A connection whose attempts succeed or fail as `outcomes` says, the last one for ever. */
function testConnection({ random = () => 0.5 } = {}) {
  const clock = new ManualClock()
  const lines: Line[] = []
  const states: Status[] = []
  const frames: WireFrame[] = []
  const attempts: number[] = []
  const unwanted: number[] = []
  const setup = { outcome: undefined as ParleyError | undefined, complete: Promise.resolve() }
  const connection = new Connection({
    clock,
    random,
    open: async (events) => {
      attempts.push(clock.now())
      if (setup.outcome) throw setup.outcome
      const line: Line = {
        kind: 'websocket',
        duplex: true,
        user,
        events,
        sent: [],
        closed: false,
        probes: 0,
        send: (frame) => void line.sent.push(frame),
        probe: () => void line.probes++,
        close: () => {
          line.closed = true
        }
      }
      lines.push(line)
      return line
    },
    unwanted: () => void unwanted.push(clock.now()),
    begin: () => setup.complete,
    frame: (frame) => void frames.push(frame),
    state: ({ status }) => void states.push(status)
  })
  return { connection, clock, lines, states, frames, attempts, unwanted, setup }
}

async function online(t: Test, options = {}) {
  const parts = testConnection(options)
  parts.connection.connect()
  await turns()
  t.equal(parts.connection.state.status, 'online')
  const [line] = parts.lines
  if (!line) throw new Error('no transport')
  parts.states.length = 0
  parts.attempts.length = 0
  return { ...parts, line }
}

t.test('the table in the README is the table in the code', async (t) => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].filter(
    ([, status = '']) => status in transitions
  )
  const written = Object.fromEntries(
    rows.map(([, status, text = '']) => [
      status,
      Object.fromEntries([...text.matchAll(/`(\w+)` → `(\w+)`/g)].map(([, event, to]) => [event, to]))
    ])
  )
  t.strictSame(written, transitions)
})

t.test(
  'the first attempt is at once, each further one anywhere in a window that doubles up to 30 s',
  async (t) => {
    const { connection, clock, attempts, setup } = testConnection()
    setup.outcome = new NetworkError('down')
    const begun = clock.now()
    connection.connect()
    await clock.pass(100_000)
    const waits = attempts.map((at, n) => at - (attempts[n - 1] ?? begun))
    t.strictSame(waits.slice(0, 9), [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
    t.match(connection.state, { status: 'waiting', error: { code: 'network' } })
  }
)

t.test(
  'a lost connection comes back with jitter from the first attempt on, and not before it may',
  async (t) => {
    const { clock, line, states, attempts, setup, connection } = await online(t)
    await clock.pass(20_000)
    line.events.closed(4000)
    t.match(connection.state, { status: 'waiting', retry_at: clock.now() + 500 })
    setup.outcome = errorOf({ code: 'unavailable', retry_after_ms: 5_000 })
    await clock.pass(500)
    t.match(connection.state, { status: 'waiting', retry_at: clock.now() + 6_000 })
    setup.outcome = undefined
    await clock.pass(6_000)
    t.equal(attempts.length, 2)
    t.strictSame(states, ['waiting', 'connecting', 'waiting', 'connecting', 'online'])
  }
)

t.test('a connection that never lasts is not hammered', async (t) => {
  const { clock, lines, connection } = await online(t)
  const waits: number[] = []
  for (let n = 0; n < 4; n++) {
    lines.at(-1)?.events.closed(1006)
    const wait = (connection.state.retry_at ?? 0) - clock.now()
    waits.push(wait)
    await clock.pass(wait)
  }
  t.strictSame(waits, [500, 1_000, 2_000, 4_000])
})

t.test('close codes are obeyed', async (t) => {
  for (const [code, status] of [
    [4000, 'waiting'],
    [4008, 'waiting'],
    [1006, 'waiting'],
    [1011, 'waiting'],
    [5000, 'waiting'],
    [4500, 'closed'],
    [4501, 'closed'],
    [4504, 'closed'],
    [4999, 'closed']
  ] as const) {
    const { line, connection, clock, attempts } = await online(t)
    line.events.closed(code)
    t.equal(connection.state.status, status, `${code}`)
    await clock.pass(60_000)
    t.equal(attempts.length > 0, status === 'waiting')
  }
})

t.test('that nothing is wanted any more is said also where nothing was open', async (t) => {
  const { connection, line, setup, clock, unwanted } = await online(t)
  setup.outcome = new NetworkError('away')
  line.events.closed(1006)
  t.equal(connection.state.status, 'waiting')
  t.strictSame(unwanted, [])
  connection.disconnect()
  t.equal(unwanted.length, 1)
  setup.outcome = new UnauthenticatedError({ code: 'unauthenticated' })
  connection.connect()
  await clock.pass(0)
  t.equal(connection.state.status, 'closed')
  t.equal(unwanted.length, 2)
})

t.test('a refused credential ends it until the application connects again', async (t) => {
  const { connection, clock, attempts, setup } = testConnection()
  setup.outcome = new UnauthenticatedError({ code: 'unauthenticated' })
  connection.connect()
  await clock.pass(100_000)
  t.match(connection.state, { status: 'closed', error: UnauthenticatedError })
  t.equal(attempts.length, 1)
  setup.outcome = undefined
  connection.connect()
  await turns()
  t.equal(connection.state.status, 'online')
})

t.test(
  'offline and awake: no attempts without a network, an early one when the device is back',
  async (t) => {
    const { connection, clock, line, attempts } = await online(t)
    connection.notice('offline')
    t.equal(connection.state.status, 'online', 'an open connection is asked before it is given up')
    t.equal(line.probes, 1)
    line.events.closed(1006)
    t.equal(connection.state.status, 'offline', 'there is no network to try it over')
    await clock.pass(600_000)
    t.equal(attempts.length, 0)
    connection.notice('online')
    t.match(connection.state, { status: 'waiting', retry_at: clock.now() + 500 })
    connection.notice('wake')
    await turns()
    t.equal(connection.state.status, 'online')
    connection.notice('wake')
    t.equal(connection.state.status, 'online')
  }
)

t.test(
  'DRN-2: it moves within its random share of the time, and breaks when the new one is complete',
  async (t) => {
    const { connection, clock, lines, line, states, frames, setup } = await online(t)
    const complete = Promise.withResolvers<void>()
    setup.complete = complete.promise
    line.events.frame({ type: 'move', within_ms: 10_000 })
    const asked = connection.ask({ type: 'edit', conversation_id: 'room', message_id: 'm', body: 'x' })
    await clock.pass(4_999)
    t.equal(lines.length, 1)
    await clock.pass(1)
    t.equal(lines.length, 2)
    t.strictSame(states, ['moving', 'online'])
    const next = lines[1]
    line.events.frame({ type: 'typing' })
    next?.events.frame({ type: 'presence' })
    t.match(frames, [{ type: 'typing' }, { type: 'presence' }], 'both are listened to')
    complete.resolve()
    await turns()
    t.notOk(line.closed, 'a question over the old one is still open')
    line.events.frame({ type: 'ack', ref: line.sent[0]?.ref ?? '' })
    t.match(await asked, { type: 'ack' })
    await turns()
    t.ok(line.closed)
    line.events.closed(1000)
    t.equal(connection.state.status, 'online')
    t.equal(connection.transport, next)
  }
)

t.test(
  'a move that fails is tried again while the old one serves; without it, it is a reconnect',
  async (t) => {
    const { connection, clock, lines, line, states, setup } = await online(t)
    setup.outcome = new NetworkError('down')
    line.events.frame({ type: 'move', within_ms: 0 })
    await clock.pass(10)
    t.strictSame(states, ['moving', 'online'])
    await clock.pass(500)
    t.strictSame(states, ['moving', 'online', 'moving', 'online'])
    line.events.closed(4000)
    t.equal(connection.state.status, 'waiting')
    setup.outcome = undefined
    await clock.pass(30_000)
    t.equal(connection.state.status, 'online')
    t.equal(lines.length, 2)
  }
)

t.test('an unanswered question is a network error, and so is one whose connection is lost', async (t) => {
  const { connection, clock, line } = await online(t)
  const frame = { type: 'read', conversation_id: 'room', seq: 1 } as const
  const silent = t.rejects(connection.ask(frame), NetworkError)
  await clock.pass(10_000)
  await silent
  t.equal(line.probes, 1, 'and the connection is looked at')
  const lost = t.rejects(connection.ask(frame), NetworkError)
  line.events.closed(1006)
  await lost
  await t.rejects(connection.ask(frame), NetworkError)
  t.notOk(connection.say(frame))
})

t.test('a socket that was left is not listened to any more, though it takes its time to close', async (t) => {
  const { connection, clock, lines, line, frames, setup } = await online(t)
  setup.complete = new Promise(() => undefined)
  line.events.frame({ type: 'move', within_ms: 0 })
  await clock.pass(10)
  t.equal(lines.length, 2)
  line.events.frame({ type: 'typing' })
  t.equal(frames.length, 1)
  connection.disconnect()
  for (const { events } of lines) events.frame({ type: 'typing' })
  t.equal(frames.length, 1)

  const other = await online(t)
  other.line.events.frame({ type: 'move', within_ms: 0 })
  await other.clock.pass(10)
  t.ok(other.line.closed)
  other.line.events.frame({ type: 'typing' })
  t.equal(other.frames.length, 0)
})

t.test('disconnect ends everything, an attempt under way too', async (t) => {
  const { connection, line, clock, attempts, unwanted } = await online(t)
  connection.disconnect()
  t.ok(line.closed)
  line.events.closed(1000)
  t.strictSame(connection.state, { status: 'idle' })
  t.equal(unwanted.length, 1)
  const early = testConnection()
  early.connection.connect()
  early.connection.disconnect()
  await turns()
  t.ok(early.lines[0]?.closed)
  t.strictSame(early.states, ['connecting', 'idle'])
  await clock.pass(60_000)
  t.strictSame(attempts, [])
})
