import { LoadClient } from '../load/load-client.ts'
import type { RunReport } from '../load/load-plan.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Metric, Outcome, Scenario } from '../runner/scenario.ts'
import { channelsInMemory, channelsRedis } from '../systems/channels-system.ts'
import type { ChatSystem, RunningSystem } from '../systems/chat-system.ts'
import { parleySystem } from '../systems/parley-system.ts'
import { plainWs } from '../systems/plain-ws-system.ts'
import { socketIoInMemory, socketIoRedis } from '../systems/socket-io-system.ts'
import { holdRate } from './hold-rate.ts'
import {
  contenderOf,
  deliveredPercent,
  detailsOf,
  mergeOutcomes,
  whyRefused,
  withCpu
} from './measured-run.ts'

const BODY_LENGTH = 200
const PROBE_SECONDS = 2
/** A rate whose messages take longer than this to arrive is not held: its backlog grows. */
const HELD_P99_MS = 1_000
const shape = { body_length: BODY_LENGTH, drain_ms: 20_000 }

/** While one of two messages in flight is written to the sockets the next is on its way: never are two written together. */
const SINGLE_IN_FLIGHT = 2
/** Under load the window is opened until that brings little more: whoever can coalesce, will. */
const LITTLE_MORE = 1.15
const MOST_IN_FLIGHT = 2_048

type Mode = 'single' | 'saturated'

interface Targets {
  single: number
  saturated: number
  saturated_stretch?: number
}

/** One room, one server process: how many copies a second reach the sockets. */
export function fanOut(sockets: number, targets: Targets): Scenario {
  return {
    name: `fan-out-${sockets}`,
    about: `One room of ${sockets} sockets at one server process, bodies of ${BODY_LENGTH} bytes: the highest rate that was held on a schedule with every copy delivered.`,
    metrics: metrics(targets),
    contenders: [
      parleySystem(),
      socketIoInMemory,
      socketIoRedis,
      plainWs,
      channelsInMemory,
      channelsRedis
    ].map((system) => contenderOf(system, (options) => measure(system, sockets, options)))
  }
}

function metrics({ single, saturated, saturated_stretch }: Targets): Metric[] {
  const lower = { unit: 'ms', better: 'lower' } as const
  const cpu = { unit: 'µs', better: 'lower' } as const
  return [
    {
      key: 'single',
      label: 'deliveries, one event per write',
      unit: '/s',
      better: 'higher',
      target: single
    },
    {
      key: 'saturated',
      label: 'deliveries under load',
      unit: '/s',
      better: 'higher',
      target: saturated,
      ...(saturated_stretch === undefined ? {} : { stretch: saturated_stretch }),
      ratio: { to: socketIoInMemory.name, least: 8 }
    },
    { key: 'single_p50', label: 'to the last receiver p50, one event per write', ...lower },
    { key: 'saturated_p50', label: 'to the last receiver p50, under load', ...lower },
    { key: 'single_cpu', label: 'server CPU per delivery, one event per write', ...cpu },
    { key: 'saturated_cpu', label: 'server CPU per delivery, under load', ...cpu },
    { key: 'delivered_percent', label: 'delivered, under load', unit: '%', better: 'higher', target: 100 },
    { key: 'load_cpu', label: "load client's CPU, under load", unit: 'cores', better: 'lower' }
  ]
}

async function measure(system: ChatSystem, sockets: number, options: MeasureOptions): Promise<Outcome> {
  await using running = await system.start()
  await using load = LoadClient.start()
  const members = await running.makeMembers(1, sockets)
  const { elapsed_ms } = await load.connect({ dialect: running.dialect, ports: running.ports, members })
  options.log(`  ${sockets} sockets in ${Math.round(elapsed_ms)} ms`)
  const lone = await probe(load, SINGLE_IN_FLIGHT)
  const single = await held(running, load, { mode: 'single', possible: lone }, options)
  const crowd = await probeOpening(load, lone)
  const saturated = await held(running, load, { mode: 'saturated', possible: crowd }, options)
  return mergeOutcomes([single, saturated, { values: {}, details: { connect_ms: elapsed_ms, lone, crowd } }])
}

/** Messages a second that reach everyone with so many in flight. */
async function probe(load: LoadClient, in_flight: number): Promise<number> {
  const run = await load.run({ ...shape, kind: 'window', in_flight, seconds: PROBE_SECONDS })
  return run.seconds > 0 ? run.completed / run.seconds : 0
}

async function probeOpening(load: LoadClient, lone: number): Promise<number> {
  let best = lone
  // What waits is at first half a second's worth: a slow server is not buried.
  for (let in_flight = Math.max(8, Math.ceil(lone / 2)); in_flight <= MOST_IN_FLIGHT; in_flight *= 2) {
    const rate = await probe(load, in_flight)
    if (rate < best * LITTLE_MORE) return Math.max(rate, best)
    best = rate
  }
  return best
}

async function held(
  { processes }: RunningSystem,
  load: LoadClient,
  { mode, possible }: { mode: Mode; possible: number },
  { seconds, log }: MeasureOptions
): Promise<Outcome> {
  const { run, refused, attempts } = await holdRate(possible, async (rate) => {
    const { result, cpu } = await withCpu(processes, () =>
      load.run({ ...shape, kind: 'open', rate, seconds })
    )
    const { p99 } = percentilesOf([result.last_delivery_ms])
    const why = whyRefused(result) ?? (p99 > HELD_P99_MS ? `p99 ${Math.round(p99)} ms` : undefined)
    log(`  ${mode}: ${Math.round(rate)} sends/s, ${why ?? `held, p99 ${p99.toFixed(1)} ms`}`)
    return { run: { result, cpu }, refused: why }
  })
  const details = { [mode]: attempts.map((one) => ({ ...one, run: detailsOf(one.run.result, one.run.cpu) })) }
  if (!run) return { values: {}, refused: `${mode}: ${refused}`, details }
  const own = run.cpu[processes[0]?.name ?? ''] ?? 0
  return { values: valuesOf(mode, run.result, own), details }
}

function valuesOf(mode: Mode, run: RunReport, server_cpu: number): Record<string, number> {
  const { p50, p99 } = percentilesOf([run.last_delivery_ms])
  return {
    [mode]: run.delivered / run.seconds,
    [`${mode}_p50`]: p50,
    [`${mode}_p99`]: p99,
    [`${mode}_cpu`]: (server_cpu * 1_000_000) / run.delivered,
    ...(mode === 'saturated'
      ? { load_cpu: run.cpu_seconds / run.seconds, delivered_percent: deliveredPercent(run) }
      : {})
  }
}
