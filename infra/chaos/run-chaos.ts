import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { checkDelivery, HistoryLog, readTruth, type Truth, type Verdict } from '@parley/testing'
import { type ChaosStack, startChaosStack } from './chaos-stack.ts'
import type { Fault } from './faults/fault.ts'
import { inflict } from './inflict.ts'
import { Activity, sayIn } from './load/activity.ts'
import { Population } from './load/population.ts'
import { Random } from './random.ts'
import { sampleResources } from './sample-resources.ts'
import { planFaults, type PlannedFault } from './schedule.ts'
import { settle } from './settle.ts'

export interface ChaosOptions {
  seed: number
  /** To choose from. */
  faults: readonly Fault[]
  /** How long faults are inflicted. */
  length_ms: number
  /** Things done a second. */
  rate: number
  people?: number
  rooms?: number
  /** Is told how far it is. */
  progress?: (phase: string) => void
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
  /** Kept when something is wrong. */
  history?: string
}

const WARM_MS = 2_000
const AFTER_MS = 3_000
const SETTLE_MS = 60_000

/** One run: begin, load, faults, heal, settle, check. Everything it starts is stopped again, whatever happens. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, faults, length_ms, rate, people = 12, rooms = 6, progress = () => undefined } = options
  const begun = performance.now()
  const random = new Random(seed)
  const path = join(tmpdir(), `parley-chaos-${seed}-${process.pid}.jsonl`)
  const log = new HistoryLog(path)
  const planned = planFaults(seed, length_ms, faults)
  const chaos = await startChaosStack(random.next)
  let population: Population | undefined
  try {
    const { stack, links, deaths } = chaos
    progress('topology')
    population = await Population.begin({ log, addresses: addressesOf(chaos), random, people, rooms })
    const { controllable } = bound(population)
    progress('population')
    const activity = new Activity(population, rate)
    activity.start()
    await delay(WARM_MS)
    sampleResources(log, stack, 'baseline')
    await inflict(planned, faults, { stack, links, clients: controllable }, log)
    log.record({ type: 'mark', name: 'healed' })
    progress('healed')
    await delay(AFTER_MS)
    await activity.stop()
    for (const room of population.rooms) await sayIn(population, room)
    log.record({ type: 'mark', name: 'quiet' })
    progress('quiet')
    const settled = await settle(population, stack.databaseUrl, SETTLE_MS)
    progress(settled ? 'settled' : 'not settled')
    sampleResources(log, stack, 'final')
    log.record({ type: 'mark', name: 'settled' })
    const history = log.records.slice()
    const truth = await readTruth(stack.databaseUrl)
    const verdict = checkDelivery(history, withLogs(truth, chaos))
    await log.close()
    const errors = activity.errors.map(String)
    const right = verdict.ok && deaths.length === 0 && errors.length === 0
    if (right) await rm(path, { force: true })
    else await writeFile(`${path}.truth.json`, JSON.stringify(withLogs(truth, chaos)))
    const seconds = Math.round((performance.now() - begun) / 1_000)
    return { seed, planned, verdict, deaths, errors, settled, seconds, ...(right ? {} : { history: path }) }
  } catch (error) {
    throw new Error(['the run broke off', ...chaos.deaths].join('\n'), { cause: error })
  } finally {
    await population?.stop()
    await chaos.stop()
  }
}

function bound(population: Population) {
  return { controllable: () => population.controllable() }
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
