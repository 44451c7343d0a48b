import { LoadClient } from '../load/load-client.ts'
import { type RequestReport, runRequests } from '../load/request-load.ts'
import { hasCommand } from '../machine/has-command.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Metric, Outcome, Scenario } from '../runner/scenario.ts'
import { BatchDoor } from '../systems/batch-door.ts'
import { type RunningParley, startParley, whyParleyMissing } from '../systems/parley-system.ts'
import { runPgbench } from '../systems/pgbench.ts'
import { RestDoor } from '../systems/rest-door.ts'
import type { SeededMember } from '../systems/seed-rooms.ts'
import { holdRate } from './hold-rate.ts'
import { detailsOf, mergeOutcomes, whyRefused, withCpu } from './measured-run.ts'

const BODY_LENGTH = 200
const WARM_UP_SECONDS = 2
const PROBE_SECONDS = 2
/** As many as the peer has clients. */
const IN_FLIGHT = 64
const DOOR_IN_FLIGHT = 256
/** What is slower than this is not held. */
const HELD_P99_MS = 100
const PGBENCH = 'pgbench, the same writes one by one'

/** How many sends a second can be acknowledged, each of them committed. */
export function durableSends(name: string, rooms: number): Scenario {
  const where = rooms === 1 ? 'in one hot room' : `spread over ${rooms} rooms`
  return {
    name,
    about: `Sends ${where}, each acknowledged after its commit, the outbox relay on; the highest rate that was held on a schedule without a failure. The batch door is what a gateway calls.`,
    metrics: [
      {
        key: 'door',
        label: 'at the batch door',
        unit: '/s',
        better: 'higher',
        target: 20_000,
        stretch: 35_000,
        ratio: { to: PGBENCH, least: 3 }
      },
      { key: 'door_p50', label: 'at the batch door, p50', unit: 'ms', better: 'lower' },
      { key: 'door_p99', label: 'at the batch door, p99', unit: 'ms', better: 'lower', target: 10 },
      rate('rest', 'over REST'),
      rate('ws', 'over WebSocket, rooms of 1'),
      { key: 'ws_p99', label: 'over WebSocket, acknowledged p99', unit: 'ms', better: 'lower' },
      { key: 'door_api_cpu', label: 'api CPU per send, batch door', unit: 'µs', better: 'lower' },
      { key: 'door_postgres_cpu', label: 'Postgres CPU per send, batch door', unit: 'µs', better: 'lower' }
    ],
    contenders: [
      {
        name: 'Parley',
        lacks: '',
        whyMissing: whyParleyMissing,
        measure: (options) => measureParley(rooms, options)
      },
      {
        name: PGBENCH,
        lacks: 'checks no membership, looks for no duplicate, publishes nothing',
        whyMissing: async () => (hasCommand('pgbench') ? undefined : 'pgbench is not installed'),
        measure: (options) => measurePgbench(rooms, options)
      }
    ]
  }
}

function rate(key: string, label: string): Metric {
  return { key, label, unit: '/s', better: 'higher' }
}

async function measureParley(rooms: number, options: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = (await parley.makeMembers(rooms, 1)) as SeededMember[]
  const [own] = parley.stack.processes.filter(({ name }) => name === 'api-1')
  if (!own) throw new Error('there is no api')
  const door = new BatchDoor(own.pid)
  const rest = new RestDoor(own.port)
  const body = 'x'.repeat(BODY_LENGTH)
  try {
    const by = (send: (member: SeededMember, body: string) => Promise<void>) => (n: number) =>
      send(members[n % members.length] ?? fail(), body)
    const atDoor = by((member, text) => door.send(member, text))
    await runRequests({ kind: 'window', in_flight: DOOR_IN_FLIGHT, seconds: WARM_UP_SECONDS }, atDoor)
    const outcomes = [
      await holdRequests('door', parley, { in_flight: DOOR_IN_FLIGHT, request: atDoor }, options),
      await holdRequests(
        'rest',
        parley,
        { in_flight: IN_FLIGHT, request: by((member, text) => rest.send(member, text)) },
        options
      ),
      await holdSockets(parley, members, options)
    ]
    return mergeOutcomes(outcomes)
  } finally {
    await Promise.all([door.close(), rest.close()])
  }
}

async function holdRequests(
  key: string,
  { processes }: RunningParley,
  { in_flight, request }: { in_flight: number; request: (n: number) => Promise<unknown> },
  { seconds, log }: MeasureOptions
): Promise<Outcome> {
  const probe = await runRequests({ kind: 'window', in_flight, seconds: PROBE_SECONDS }, request)
  const { run, refused, attempts } = await holdRate(probe.answered / probe.seconds, async (rate) => {
    const { result, cpu } = await withCpu(processes, () =>
      runRequests({ kind: 'open', rate, seconds }, request)
    )
    const { p99 } = percentilesOf([result.latency_ms])
    const why = result.failed > 0 ? `${result.failed} failed: ${result.first_failure}` : whyTooSlow(p99)
    log(`  ${key}: ${Math.round(rate)}/s, ${why ?? `held, p99 ${p99.toFixed(1)} ms`}`)
    return { run: { ...result, cpu }, refused: why }
  })
  const details = { [key]: attempts }
  if (!run) return { values: {}, refused: `${key}: ${probe.first_failure ?? refused}`, details }
  return { values: requestValues(key, run), details }
}

function requestValues(
  key: string,
  run: RequestReport & { cpu: Record<string, number> }
): Record<string, number> {
  const { p50, p99 } = percentilesOf([run.latency_ms])
  const perSend = (name: string) => ((run.cpu[name] ?? 0) * 1_000_000) / run.answered
  return {
    [key]: run.answered / run.seconds,
    [`${key}_p50`]: p50,
    [`${key}_p99`]: p99,
    [`${key}_api_cpu`]: perSend('api-1'),
    [`${key}_postgres_cpu`]: perSend('postgres'),
    [`${key}_load_cpu`]: run.cpu_seconds / run.seconds
  }
}

function whyTooSlow(p99: number): string | undefined {
  return p99 > HELD_P99_MS ? `p99 ${Math.round(p99)} ms` : undefined
}

async function holdSockets(
  { dialect, ports, processes }: RunningParley,
  members: readonly SeededMember[],
  { seconds, log }: MeasureOptions
): Promise<Outcome> {
  await using load = LoadClient.start()
  await load.connect({ dialect, ports, members })
  const shape = { body_length: BODY_LENGTH }
  const probe = await load.run({ ...shape, kind: 'window', in_flight: IN_FLIGHT, seconds: PROBE_SECONDS })
  const { run, refused, attempts } = await holdRate(probe.completed / probe.seconds, async (rate) => {
    const { result, cpu } = await withCpu(processes, () =>
      load.run({ ...shape, kind: 'open', rate, seconds })
    )
    const { p99 } = percentilesOf([result.ack_ms])
    const why = whyRefused(result) ?? whyTooSlow(p99)
    log(`  ws: ${Math.round(rate)}/s, ${why ?? `held, p99 ${p99.toFixed(1)} ms`}`)
    return { run: { result, cpu }, refused: why }
  })
  const details = { ws: attempts.map((one) => ({ ...one, run: detailsOf(one.run.result, one.run.cpu) })) }
  if (!run) return { values: {}, refused: `ws: ${refused}`, details }
  const { sent, seconds: lasted, ack_ms } = run.result
  return { values: { ws: sent / lasted, ws_p99: percentilesOf([ack_ms]).p99 }, details }
}

async function measurePgbench(rooms: number, { seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const { result, cpu } = await withCpu(parley.processes, () =>
    runPgbench(parley.stack.databaseUrl, { rooms, seconds })
  )
  if (result.latency_ms.length === 0)
    return { values: {}, refused: 'no transaction was done', details: { cpu } }
  const { p50, p99 } = percentilesOf([result.latency_ms])
  const postgres = ((cpu.postgres ?? 0) * 1_000_000) / result.latency_ms.length
  return {
    values: {
      door: result.sends_per_second,
      door_p50: p50,
      door_p99: p99,
      door_postgres_cpu: postgres
    },
    details: { cpu }
  }
}

function fail(): never {
  throw new Error('no members were made')
}
