import { runRequests } from '../load/request-load.ts'
import { residentBytes } from '../machine/process-usage.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { BatchDoor } from '../systems/batch-door.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import { countRefusals } from '../systems/refusal.ts'
import { RestDoor } from '../systems/rest-door.ts'
import type { SeededMember } from '../systems/seed-rooms.ts'
import { contenderOf } from './measured-run.ts'

const ROOMS = 1_000
const BODY = 'x'.repeat(200)
/** As many as some dozen gateways have: enough that the api is asked for more than it queues. */
const CALLS = 128
const PEAK_IN_FLIGHT = 1_024
const PEAK_SECONDS = 4
const TIMES_PEAK = 2
const REST_RATE = 20
const SAMPLE_MS = 200

/** Twice as many sends as can be done: what is done, what the others are told, and what it costs. */
export const overload: Scenario = {
  name: 'overload',
  about: `Sends spread over ${ROOMS} rooms at the batch door, ${TIMES_PEAK} times as many a second as can be done, and ${REST_RATE} a second over REST beside them.`,
  metrics: [
    { key: 'peak', label: 'acknowledged, at most', unit: '/s', better: 'higher' },
    { key: 'goodput', label: 'acknowledged under overload', unit: '/s', better: 'higher' },
    { key: 'share', label: 'of the peak', unit: '%', better: 'higher', target: 80 },
    { key: 'refused', label: 'refused', unit: '%', better: 'lower' },
    { key: 'told', label: 'refusals that say when to try again', unit: '%', better: 'higher', target: 100 },
    { key: 'p99', label: 'an answer of either kind, p99', unit: 'ms', better: 'lower' },
    { key: 'growth', label: "api's memory, grown by", unit: 'MB', better: 'lower', target: 256 },
    { key: 'after_p99', label: 'at half the peak afterwards, p99', unit: 'ms', better: 'lower' }
  ],
  contenders: [contenderOf(parleySystem(), measure)]
}

async function measure({ seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = (await parley.makeMembers(ROOMS, 1)) as SeededMember[]
  const api = parley.stack.processes.find(({ name }) => name === 'api-1')
  if (!api) throw new Error('there is no api')
  const door = new BatchDoor(api.pid, { calls: CALLS })
  const rest = new RestDoor(api.port)
  const by = (send: (member: SeededMember, body: string) => Promise<void>) => (n: number) =>
    send(members[n % members.length] as SeededMember, BODY)
  const atDoor = by((member, body) => door.send(member, body))
  try {
    const best = await runRequests(
      { kind: 'window', in_flight: PEAK_IN_FLIGHT, seconds: PEAK_SECONDS },
      atDoor
    )
    if (best.failed > 0) return { values: {}, refused: `at the peak: ${best.first_failure}` }
    const peak = best.answered / best.seconds

    const memory = watchMemory(api.pid)
    const count = countRefusals()
    const [run, beside] = await Promise.all([
      runRequests({ kind: 'open', rate: peak * TIMES_PEAK, seconds }, (n) => count.attempt(() => atDoor(n))),
      runRequests({ kind: 'open', rate: REST_RATE, seconds }, (n) =>
        count.attempt(() => by((member, body) => rest.send(member, body))(n))
      )
    ])
    const growth = memory.stop()
    const failure = run.first_failure ?? beside.first_failure
    if (failure !== undefined) return { values: {}, refused: failure }
    const after = await runRequests({ kind: 'open', rate: peak / 2, seconds: PEAK_SECONDS }, atDoor)
    const answered = run.answered + beside.answered
    const goodput = (answered - count.refused) / Math.max(run.seconds, beside.seconds)
    return {
      values: {
        peak,
        goodput,
        share: (goodput / peak) * 100,
        refused: (count.refused / answered) * 100,
        told: count.refused === 0 ? 100 : (count.told / count.refused) * 100,
        p99: percentilesOf([run.latency_ms]).p99,
        growth: growth / 1_000_000,
        after_p99: percentilesOf([after.latency_ms]).p99
      },
      details: { sent: run.sent, refused: count.refused, load_cpu: run.cpu_seconds / run.seconds }
    }
  } finally {
    await Promise.all([door.close(), rest.close()])
  }
}

/** How far a process's memory rose above what it was. */
function watchMemory(pid: number): { stop(): number } {
  const before = residentBytes(pid)
  let most = before
  const look = () => {
    most = Math.max(most, residentBytes(pid))
  }
  const timer = setInterval(look, SAMPLE_MS)
  return {
    stop() {
      clearInterval(timer)
      look()
      return most - before
    }
  }
}
