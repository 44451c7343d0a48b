import { LoadClient } from '../load/load-client.ts'
import { type RequestReport, runRequests } from '../load/request-load.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import { RestDoor } from '../systems/rest-door.ts'
import { seedMessages } from '../systems/seed-messages.ts'
import { contenderOf } from './measured-run.ts'

const MANY = 10
const PAGE = 1_000

/** A reader who was away for long: no peer keeps what it missed. */
export function catchUp(changes: number): Scenario {
  return {
    name: `catch-up-${changes}`,
    about: `A socket opens with ?since=0 on a conversation of ${changes} messages, alone and ${MANY} at once, until it is live; and the change feed over REST in pages of ${PAGE}.`,
    metrics: [
      { key: 'alone', label: 'one socket, until live', unit: 's', better: 'lower' },
      { key: 'many', label: `${MANY} sockets at once, until the last is live`, unit: 's', better: 'lower' },
      { key: 'rate', label: `${MANY} sockets at once, changes`, unit: '/s', better: 'higher' },
      { key: 'rest_p50', label: `REST page of ${PAGE}, p50`, unit: 'ms', better: 'lower' }
    ],
    contenders: [contenderOf(parleySystem(), (options) => measure(changes, options))]
  }
}

async function measure(changes: number, { seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = await parley.makeMembers(1, MANY)
  const [first] = members
  if (!first) throw new Error('no members were made')
  const { databaseUrl, processes } = parley.stack
  await seedMessages(databaseUrl, changes)
  const { dialect, ports } = parley
  const open = async (count: number) => {
    await using load = LoadClient.start()
    const from = members.slice(0, count).map((member) => ({ ...member, since: 0 }))
    return await load.connect({ dialect, ports, members: from })
  }
  const alone = await open(1)
  const many = await open(MANY)
  const rest = new RestDoor(processes.find(({ name }) => name === 'api-1')?.port ?? 0)
  const pages = Math.floor(changes / PAGE)
  let feed: RequestReport
  try {
    feed = await runRequests({ kind: 'window', in_flight: 1, seconds: Math.min(seconds, 5) }, (n) =>
      rest.get(first, `conversations/${first.room}/changes/?since=${(n % pages) * PAGE}&limit=${PAGE}`)
    )
  } finally {
    await rest.close()
  }
  const replayed = alone.replayed + many.replayed
  const details = { alone, many, feed }
  if (replayed !== changes * (1 + MANY))
    return { values: {}, refused: `${replayed} of ${changes * (1 + MANY)} messages came`, details }
  if (feed.failed > 0) return { values: {}, refused: `${feed.first_failure}`, details }
  return {
    values: {
      alone: alone.elapsed_ms / 1_000,
      many: many.elapsed_ms / 1_000,
      rate: (many.replayed * 1_000) / many.elapsed_ms,
      rest_p50: percentilesOf([feed.latency_ms]).p50
    },
    details
  }
}
