import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { checkDelivery, HistoryLog, type Truth, type Verdict } from '@parley/testing'
import { type ChaosStack, startChaosStack } from './chaos-stack.ts'
import type { Fault } from './faults/fault.ts'
import { inflict } from './inflict.ts'
import { Activity } from './load/activity.ts'
import { beginCrowd } from './load/crowd.ts'
import { sayIn } from './load/message-activity.ts'
import { Population } from './load/population.ts'
import { type Progress, reportProgress } from './progress.ts'
import { Random } from './random.ts'
import { descriptorsGivenBack, sampleResources } from './sample-resources.ts'
import { operatorOf } from './operator.ts'
import { planFaults, type PlannedFault } from './schedule.ts'
import { settle } from './settle.ts'
import { watchStalls } from './watch-stalls.ts'
import { within } from './within.ts'

export interface ChaosOptions {
  seed: number
  /** To choose from. */
  faults: readonly Fault[]
  /** How long faults are inflicted. */
  length_ms: number
  /** Sends a second. */
  rate: number
  people?: number
  rooms?: number
  /** Is told how far it is. */
  progress?: Progress
}

export interface ChaosResult {
  seed: number
  planned: readonly PlannedFault[]
  verdict: Verdict
  /** Processes that ended by themselves, and errors of the load itself: a run with any is no proof. */
  deaths: readonly string[]
  errors: readonly string[]
  settled: boolean
  seconds: number
  /** Of the check alone. */
  check_seconds: number
  /** Kept when something is wrong. */
  history?: string
}

const WARM_MS = 2_000
const AFTER_MS = 3_000
const SETTLE_MS = 60_000
/** Beyond the faults' own time a run may take so long: to begin, to heal, to settle, to be checked. */
const REST_MS = 240_000
const STOP_MS = 90_000

/** One run: begin, load, faults, heal, settle, check. Everything it starts is stopped again, whatever happens. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, length_ms, progress = () => undefined } = options
  const random = new Random(seed)
  const path = join(tmpdir(), `parley-chaos-${seed}-${process.pid}.jsonl`)
  const log = new HistoryLog(path)
  const smallDisks = options.faults.some(({ name }) => name.endsWith('disk-full'))
  const chaos = await within(
    REST_MS,
    'the topology did not start',
    startChaosStack({ random: random.next, smallDisks })
  )
  const stopReporting = reportProgress(log, progress)
  const stopWatching = watchStalls(log)
  const stops: (() => Promise<void>)[] = [() => chaos.stop()]
  try {
    const run = inflictAndCheck(options, { random, log, chaos, path, stops })
    return await within(length_ms + REST_MS, 'the run did not end', run)
  } catch (error) {
    throw new Error(['the run broke off', ...chaos.deaths, `history: ${path}`].join('\n'), { cause: error })
  } finally {
    stopReporting()
    stopWatching()
    for (const stop of stops.toReversed()) await within(STOP_MS, 'it could not be stopped', stop())
    await log.close()
  }
}

interface Means {
  random: Random
  log: HistoryLog
  chaos: ChaosStack
  path: string
  stops: (() => Promise<void>)[]
}

async function inflictAndCheck(options: ChaosOptions, means: Means): Promise<ChaosResult> {
  const { seed, faults, length_ms, rate, people = 12, rooms = 6 } = options
  const { random, log, chaos, path, stops } = means
  const { stack, links, deaths } = chaos
  const begun = performance.now()
  const planned = planFaults(seed, length_ms, faults)
  const addresses = addressesOf(chaos)
  const operate = operatorOf(stack)
  const population = await Population.begin({ log, addresses, operate, random, people, rooms })
  stops.push(() => population.stop())
  const activity = new Activity(population, rate)
  activity.start()
  await delay(WARM_MS)
  await sampleResources(log, chaos, 'baseline')
  const { disks, sockets } = chaos
  const crowd = planned.some(({ name }) => name === 'reconnect-storm:crowd')
    ? await beginCrowd(population)
    : undefined
  const world = { stack, links, disks, sockets, crowd, clients: () => population.controllable() }
  await inflict(planned, faults, world, log)
  log.record({ type: 'mark', name: 'healed' })
  await delay(AFTER_MS)
  await activity.stop()
  for (const room of population.rooms) await sayIn(population, room)
  log.record({ type: 'mark', name: 'quiet' })
  const { settled, history, truth } = await settle(population, stack.databaseUrl, SETTLE_MS)
  await descriptorsGivenBack(log, chaos)
  await sampleResources(log, chaos, 'final')
  history.push(...log.records.filter((record) => record.type === 'sample' && record.phase === 'final'))
  const check_begun = performance.now()
  const verdict = checkDelivery(history, withLogs(truth, chaos))
  const check_seconds = Math.round((performance.now() - check_begun) / 1_000)
  await log.close()
  const errors = activity.errors.map(String)
  const right = verdict.ok && deaths.length === 0 && errors.length === 0
  if (right) await rm(path, { force: true })
  else await writeFile(`${path}.truth.json`, JSON.stringify(withLogs(truth, chaos)))
  const seconds = Math.round((performance.now() - begun) / 1_000)
  const kept = right ? {} : { history: path }
  return { seed, planned, verdict, deaths, errors, settled, seconds, check_seconds, ...kept }
}

/** The public door, the same through a link that can be spoilt, and each instance. */
function addressesOf({ stack, links }: ChaosStack) {
  const ports = (service: string) =>
    stack.processes.filter(({ name }) => name.startsWith(`${service}-`)).map(({ port }) => port)
  const gate = Number(new URL(stack.url).port)
  const spoilt = links.get('client>nginx')?.port ?? gate
  return {
    rest: [gate, ...ports('api')].map((port) => `http://127.0.0.1:${port}`),
    sockets: [gate, spoilt, ...ports('gateway')].map((port) => `ws://127.0.0.1:${port}`)
  }
}

function withLogs(truth: Truth, { logs }: ChaosStack): Truth {
  const texts = [...logs].map(([name, lines]) => ({ where: `the log of ${name}`, text: lines.join('\n') }))
  return { ...truth, texts: [...(truth.texts ?? []), ...texts] }
}
