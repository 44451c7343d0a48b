// A beat names everything, a part after the other, and confirms only what was answered as a whole.
import type { BeatReply, BeatReport } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import pino from 'pino'
import { Registry } from 'prom-client'
import t from 'tap'
import { GatewayMetrics } from '../../src/gateway-metrics.ts'
import { Beat } from '../../src/rooms/beat.ts'
import { Confirmation } from '../../src/rooms/confirmation.ts'
import { defaultTuning, type Tuning } from '../../src/tuning.ts'

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)

/** A beat over so many of each; `answer` is the api. */
function beating(
  counts: { rooms: number; sessions: number; users: number },
  answer: (n: number) => BeatReply,
  tuning: Partial<Tuning> = {}
) {
  const asked: BeatReport[] = []
  const applied: BeatReply[] = []
  const confirmed: number[] = []
  const numbered = (names: string[]) => names.map((name, n): [string, number] => [name, n])
  const confirmation = new Confirmation(60_000, () => undefined)
  confirmation.confirm = (at) => void confirmed.push(at)
  const beat = new Beat({
    api: {
      beat: async (report) => {
        asked.push(report)
        return answer(asked.length)
      }
    },
    tuning: { ...defaultTuning, beat_ms: 60_000, ...tuning },
    confirmation,
    metrics: new GatewayMetrics(new Registry()),
    logger: pino({ level: 'silent' }),
    items: () => ({
      most: Math.max(...Object.values(counts)),
      rooms: numbered(named('room', counts.rooms)).values(),
      sessions: named('session', counts.sessions).values(),
      users: numbered(named('user', counts.users)).values()
    }),
    apply: (reply) => void applied.push(reply)
  })
  t.teardown(() => beat.stop())
  return { beat, asked, applied, confirmed }
}

t.test('everything is named once, in parts, and what moved is applied together', async (t) => {
  const counts = { rooms: 3, sessions: 250, users: 100 }
  const { beat, asked, applied, confirmed } = beating(counts, (n) => ({
    rooms: { [`room${n}`]: n },
    ended: [`session${n}`],
    users: {}
  }))
  await waitUntil(() => applied.length > 0, { message: 'the answer' })
  t.equal(asked.length, 3)
  t.strictSame(
    asked.map((part) =>
      [Object.keys(part.rooms), part.sessions, Object.keys(part.users)].map((one) => one.length)
    ),
    [
      [3, 100, 100],
      [0, 100, 0],
      [0, 50, 0]
    ]
  )
  t.strictSame(
    asked.flatMap(({ sessions }) => sessions),
    named('session', 250)
  )
  t.strictSame(applied, [
    {
      rooms: { room1: 1, room2: 2, room3: 3 },
      ended: ['session1', 'session2', 'session3'],
      users: {}
    }
  ])
  t.equal(confirmed.length, 1)
  t.ok(beat.ok)
})

t.test('the parts are spread, so that others get a word in between', async (t) => {
  const at: number[] = []
  const tuning = { beat_spread_ms: 400 }
  const { applied } = beating(
    { rooms: 0, sessions: 250, users: 0 },
    () => {
      at.push(performance.now())
      return { rooms: {}, ended: [], users: {} }
    },
    tuning
  )
  await waitUntil(() => applied.length > 0, { message: 'the answer' })
  t.equal(at.length, 3)
  for (const n of [1, 2]) t.ok((at[n] ?? 0) - (at[n - 1] ?? 0) > 140, `part ${n}`)
})

t.test('the more there is the larger the parts, up to 500', async (t) => {
  for (const [sessions, size] of [
    [6_399, 200],
    [19_999, 500]
  ] as const) {
    const nothing = { rooms: {}, ended: [], users: {} }
    const { asked, applied } = beating({ rooms: 0, sessions, users: 0 }, () => nothing, { beat_spread_ms: 0 })
    await waitUntil(() => applied.length > 0, { message: 'the answer' })
    t.equal(asked.length, Math.ceil(sessions / size))
    t.ok(asked.slice(0, -1).every((part) => part.sessions.length === size))
  }
})

t.test('nothing is a report, too: the api is asked', async (t) => {
  const { asked, confirmed } = beating({ rooms: 0, sessions: 0, users: 0 }, () => ({
    rooms: {},
    ended: [],
    users: {}
  }))
  await waitUntil(() => confirmed.length > 0, { message: 'the answer' })
  t.strictSame(asked, [{ rooms: {}, sessions: [], users: {} }])
})

t.test('a part that fails confirms nothing', async (t) => {
  const { beat, asked, applied, confirmed } = beating({ rooms: 0, sessions: 600, users: 0 }, (n) => {
    if (n === 2) throw new Error('away')
    return { rooms: {}, ended: ['session1'], users: {} }
  })
  await waitUntil(() => !beat.ok, { message: 'the failure' })
  t.equal(asked.length, 2)
  t.strictSame([applied, confirmed], [[], []])
})
