import { LoadClient } from '../load/load-client.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Metric, Outcome, Scenario } from '../runner/scenario.ts'
import { channelsRedis } from '../systems/channels-system.ts'
import type { ChatSystem } from '../systems/chat-system.ts'
import { parleySystem } from '../systems/parley-system.ts'
import { plainWsPostgres } from '../systems/plain-ws-system.ts'
import { socketIoInMemory } from '../systems/socket-io-system.ts'
import { contenderOf, deliveredPercent, detailsOf, whyRefused, withCpu } from './measured-run.ts'

const BODY_LENGTH = 200
const WARM_UP_SECONDS = 5
const DRAIN_MS = 15_000

interface Shape {
  rooms: number
  per_room: number
  rate: number
}

interface Targets {
  p50: number
  p99: number
  stretch_p50?: number
  stretch_p99?: number
}

/** A schedule of sends: how long until the last member of the room has each, and until its sender is told that it is stored. */
export function latency(shape: Shape, delivery: Partial<Targets>, ack: Partial<Targets> = {}): Scenario {
  const { rooms, per_room, rate } = shape
  return {
    name: `latency-${rooms}x${per_room}-${rate}`,
    about: `${rooms} room${rooms === 1 ? '' : 's'} of ${per_room}, ${rate} sends/s on a schedule, senders in turn, bodies of ${BODY_LENGTH} bytes.`,
    metrics: [
      ...latencyMetrics('delivery', 'to the last member', delivery),
      ...latencyMetrics('ack', 'acknowledged', ack),
      { key: 'delivered_percent', label: 'delivered', unit: '%', better: 'higher', target: 100 },
      { key: 'server_cpu', label: 'CPU of all server processes', unit: 'cores', better: 'lower' },
      { key: 'load_cpu', label: "load client's CPU", unit: 'cores', better: 'lower' }
    ],
    contenders: [parleySystem(), plainWsPostgres, socketIoInMemory, channelsRedis].map((system) =>
      contenderOf(system, (options) => measure(system, shape, options))
    )
  }
}

function latencyMetrics(key: string, label: string, targets: Partial<Targets>): Metric[] {
  return (['p50', 'p99'] as const).map((part) => {
    const target = targets[part]
    const stretch = targets[`stretch_${part}`]
    return {
      key: `${key}_${part}`,
      label: `${label}, ${part}`,
      unit: 'ms',
      better: 'lower',
      ...(target === undefined ? {} : { target }),
      ...(stretch === undefined ? {} : { stretch })
    }
  })
}

async function measure(
  system: ChatSystem,
  { rooms, per_room, rate }: Shape,
  { seconds }: MeasureOptions
): Promise<Outcome> {
  await using running = await system.start()
  await using load = LoadClient.start()
  const members = await running.makeMembers(rooms, per_room)
  await load.connect({ dialect: running.dialect, ports: running.ports, members })
  const plan = { kind: 'open', rate, body_length: BODY_LENGTH, drain_ms: DRAIN_MS } as const
  await load.run({ ...plan, seconds: WARM_UP_SECONDS })
  const { result: run, cpu } = await withCpu(running.processes, () => load.run({ ...plan, seconds }))
  const refused = whyRefused(run)
  const details = detailsOf(run, cpu)
  if (refused !== undefined) return { values: {}, refused, details }
  const delivery = percentilesOf([run.last_delivery_ms])
  const ack = percentilesOf([run.ack_ms])
  return {
    values: {
      delivery_p50: delivery.p50,
      delivery_p99: delivery.p99,
      ...(ack.count === run.sent ? { ack_p50: ack.p50, ack_p99: ack.p99 } : {}),
      delivered_percent: deliveredPercent(run),
      server_cpu: Object.values(cpu).reduce((sum, one) => sum + one, 0) / run.seconds,
      load_cpu: run.cpu_seconds / run.seconds
    },
    details
  }
}
