import type { BeatReport } from '@parley/contracts'
import { runRequests } from '../load/request-load.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { BatchDoor } from '../systems/batch-door.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import type { SeededMember } from '../systems/seed-rooms.ts'
import { contenderOf, withCpu } from './measured-run.ts'

const PER_ROOM = 10
/** Of each kind in one call, as a gateway of 16,000 connections or more asks. */
const PART = 500

/** What every gateway asks once a second, for all it holds: the price of a connection that says nothing. */
export function beat(connections: number): Scenario {
  return {
    name: `beat-${connections}`,
    about: `One beat after another of a gateway with ${connections} connections in rooms of ${PER_ROOM}, nothing having moved, in calls of ${PART} of each kind. An item is a session, a room or a user's list.`,
    metrics: [
      { key: 'p50', label: 'a beat, p50', unit: 'ms', better: 'lower' },
      { key: 'api_cpu', label: 'api CPU per item', unit: 'µs', better: 'lower' },
      { key: 'postgres_cpu', label: 'Postgres CPU per item', unit: 'µs', better: 'lower' }
    ],
    contenders: [contenderOf(parleySystem(), (options) => measure(connections, options))]
  }
}

async function measure(connections: number, { seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = (await parley.makeMembers(connections / PER_ROOM, PER_ROOM)) as SeededMember[]
  const parts = partsOf(members)
  const items = connections / PER_ROOM + 2 * connections
  const door = new BatchDoor(parley.processes.find(({ name }) => name === 'api-1')?.pid ?? 0)
  try {
    const ask = async () => {
      for (const part of parts) await door.beat(part)
    }
    await ask()
    const { result, cpu } = await withCpu(parley.processes, () =>
      runRequests({ kind: 'window', in_flight: 1, seconds }, ask)
    )
    if (result.failed > 0) return { values: {}, refused: `${result.first_failure}` }
    const perItem = (name: string) => ((cpu[name] ?? 0) * 1_000_000) / (result.answered * items)
    return {
      values: {
        p50: percentilesOf([result.latency_ms]).p50,
        api_cpu: perItem('api-1'),
        postgres_cpu: perItem('postgres')
      },
      details: { items, beats: result.answered, cpu }
    }
  } finally {
    await door.close()
  }
}

function partsOf(members: SeededMember[]): BeatReport[] {
  const rooms = [...new Set(members.map(({ room }) => room))]
  const parts: BeatReport[] = []
  for (let from = 0; from < members.length; from += PART) {
    const some = members.slice(from, from + PART)
    parts.push({
      rooms: Object.fromEntries(rooms.slice(from, from + PART).map((room) => [room, PER_ROOM])),
      sessions: some.map(({ session_id }) => session_id),
      users: Object.fromEntries(some.map(({ user_id }) => [user_id, 1]))
    })
  }
  return parts
}
