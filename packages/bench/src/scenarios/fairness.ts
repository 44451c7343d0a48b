import { dialects } from '../load/dialects.ts'
import { LoadClient } from '../load/load-client.ts'
import { stallSocket } from '../load/stalled-socket.ts'
import { takeCore } from '../machine/core-taker.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { Contender, MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { startParley, whyParleyMissing } from '../systems/parley-system.ts'
import { detailsOf, whyRefused } from './measured-run.ts'

const OTHERS = { rooms: 50, per_room: 10, rate: 300 }
const HUGE = { members: 3_000, rate: 3 }
const SLOW = 5
const BODY_LENGTH = 200
/** Until what three thousand arrivals leave behind is done: their presence is told, 200 a second, and their garbage collected. */
const WARM_UP_SECONDS = 20
/** What a message to the huge room takes of a core: 3,000 system calls. */
const AS_MUCH = { busy_ms: 30, every_ms: 1_000 / HUGE.rate }
const QUIET = 'Parley, the others alone'

/**
 * What those in small rooms notice of a huge room and of sockets that do not read. Run it with `--rounds 5`, and with `TMPDIR=/dev/shm` where the
 * disk has other guests. The huge room's readers
 * get the CPU that is left over: what is looked for is waiting in the servers, not that the readers' own work takes one of the
 * machine's cores.
 */
export const fairness: Scenario = {
  name: 'fairness',
  about: `${OTHERS.rooms} rooms of ${OTHERS.per_room} at ${OTHERS.rate} sends/s, alone and beside a room of ${HUGE.members} at ${HUGE.rate} sends/s and ${SLOW} sockets of it that read nothing: the figures are the small rooms'.`,
  metrics: [
    // At most 25 % more.
    {
      key: 'p99',
      label: 'to the last member, p99',
      unit: 'ms',
      better: 'lower',
      ratio: { to: QUIET, least: 0.8 }
    },
    { key: 'p50', label: 'to the last member, p50', unit: 'ms', better: 'lower' },
    { key: 'ack_p99', label: 'acknowledged, p99', unit: 'ms', better: 'lower' },
    { key: 'huge_p50', label: "to the huge room's last member, p50", unit: 'ms', better: 'lower' }
  ],
  contenders: [
    contender('Parley', 'a huge room', ''),
    contender(QUIET, 'nothing', 'has no huge room and no slow sockets to serve'),
    contender(
      'Parley, beside another program',
      'another program',
      'has no huge room: a program that is not of Parley takes as much of a core'
    )
  ]
}

type Beside = 'a huge room' | 'another program' | 'nothing'

function contender(name: string, beside: Beside, lacks: string): Contender {
  return { name, lacks, whyMissing: whyParleyMissing, measure: (options) => measure(beside, options) }
}

async function measure(what: Beside, { seconds }: MeasureOptions): Promise<Outcome> {
  const disturbed = what === 'a huge room'
  await using parley = await startParley()
  const { dialect, ports } = parley
  await using others = LoadClient.start()
  await using crowd = LoadClient.start()
  // Three thousand phones would not share a core with the servers.
  crowd.yieldToOthers()
  await others.connect({ dialect, ports, members: await parley.makeMembers(OTHERS.rooms, OTHERS.per_room) })
  const huge = await parley.makeMembers(1, HUGE.members)
  const stalled = []
  await using _other = what === 'another program' ? takeCore(AS_MUCH) : undefined
  try {
    if (disturbed) {
      await crowd.connect({ dialect, ports, members: huge.slice(SLOW) })
      for (const member of huge.slice(0, SLOW))
        stalled.push(await stallSocket(ports[0] ?? 0, dialects[dialect].request(member)))
    }
    const run = (how_long: number) =>
      Promise.all([
        others.run({ kind: 'open', rate: OTHERS.rate, seconds: how_long, body_length: BODY_LENGTH }),
        disturbed
          ? crowd.run({ kind: 'open', rate: HUGE.rate, seconds: how_long, body_length: BODY_LENGTH })
          : undefined
      ])
    await run(WARM_UP_SECONDS)
    const [own, beside] = await run(seconds)
    const details = { others: detailsOf(own, {}), crowd: beside && detailsOf(beside, {}) }
    const refused = whyRefused(own) ?? (beside && whyRefused(beside))
    if (refused !== undefined) return { values: {}, refused, details }
    const { p50, p99 } = percentilesOf([own.last_delivery_ms])
    const crowded = beside && { huge_p50: percentilesOf([beside.last_delivery_ms]).p50 }
    return { values: { p50, p99, ack_p99: percentilesOf([own.ack_ms]).p99, ...crowded }, details }
  } finally {
    for (const socket of stalled) socket.destroy()
  }
}
