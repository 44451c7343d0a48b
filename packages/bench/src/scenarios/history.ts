import { runRequests } from '../load/request-load.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Metric, Outcome, Scenario } from '../runner/scenario.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import { RestDoor } from '../systems/rest-door.ts'
import { joinAll, seedMessages } from '../systems/seed-messages.ts'
import type { SeededMember } from '../systems/seed-rooms.ts'
import { contenderOf, withCpu } from './measured-run.ts'

const ROOMS = 200
const BUSY = 16

const reads: Record<string, { label: string; path: (room: string, middle: number) => string }> = {
  list: { label: 'conversation list', path: () => 'conversations/' },
  newest: { label: 'newest history page', path: (room) => `conversations/${room}/messages/` },
  middle: {
    label: 'history page in the middle',
    path: (room, middle) => `conversations/${room}/messages/?before=${middle}`
  }
}

/** What a client reads when it opens, of a user in many long conversations. */
export function history(messages: number): Scenario {
  return {
    name: `history-${messages}`,
    about: `A user in ${ROOMS} conversations, all unread, of ${messages} messages together: reads over REST, one at a time, and ${BUSY} at once.`,
    metrics: Object.entries(reads).flatMap(([key, { label }]): Metric[] => [
      { key: `${key}_p50`, label: `${label}, p50`, unit: 'ms', better: 'lower' },
      { key: `${key}_p99`, label: `${label}, p99`, unit: 'ms', better: 'lower' },
      { key: `${key}_rate`, label: `${label}, ${BUSY} at once`, unit: '/s', better: 'higher' },
      { key: `${key}_api_cpu`, label: `${label}, api CPU`, unit: 'µs', better: 'lower' },
      { key: `${key}_postgres_cpu`, label: `${label}, Postgres CPU`, unit: 'µs', better: 'lower' }
    ]),
    contenders: [contenderOf(parleySystem(), (options) => measure(messages, options))]
  }
}

async function measure(messages: number, options: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = (await parley.makeMembers(ROOMS, 1)) as SeededMember[]
  const [reader] = members
  if (!reader) throw new Error('no members were made')
  const { databaseUrl, processes } = parley.stack
  const per_room = Math.round(messages / ROOMS)
  await seedMessages(databaseUrl, per_room)
  await joinAll(databaseUrl, reader.user_id)
  const rest = new RestDoor(processes.find(({ name }) => name === 'api-1')?.port ?? 0)
  try {
    const values: Record<string, number> = {}
    for (const [key, { path }] of Object.entries(reads)) {
      const get = (n: number) => {
        const room = members[n % members.length]?.room ?? ''
        return rest.get(reader, path(room, Math.round(per_room / 2)))
      }
      await runRequests({ kind: 'window', in_flight: BUSY, seconds: 1 }, get)
      const alone = await runRequests({ kind: 'window', in_flight: 1, seconds: options.seconds / 2 }, get)
      const { result: busy, cpu } = await withCpu(processes, () =>
        runRequests({ kind: 'window', in_flight: BUSY, seconds: options.seconds / 2 }, get)
      )
      const each = (name: string) => ((cpu[name] ?? 0) * 1_000_000) / busy.answered
      const failure = alone.first_failure ?? busy.first_failure
      if (failure !== undefined) return { values: {}, refused: `${key}: ${failure}` }
      const { p50, p99 } = percentilesOf([alone.latency_ms])
      Object.assign(values, {
        [`${key}_p50`]: p50,
        [`${key}_p99`]: p99,
        [`${key}_rate`]: busy.answered / busy.seconds,
        [`${key}_api_cpu`]: each('api-1'),
        [`${key}_postgres_cpu`]: each('postgres')
      })
    }
    return { values }
  } finally {
    await rest.close()
  }
}
