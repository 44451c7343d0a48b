// A deployment under load: each service of the real topology is stopped and started again, one after the other, while people talk
// through nginx. Nobody's send may fail, not even once, and nobody may miss or repeat anything.
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findNatsServer, findNginx, installDebianPackage } from '@parley/local-servers'
import { bodyOf, checkDelivery, HistoryLog, type Outcome, RecordingRest, waitUntil } from '@parley/testing'
import t from 'tap'
import { sayIn } from '../chaos/load/message-activity.ts'
import { type Person, Population, type Room } from '../chaos/load/population.ts'
import { Random } from '../chaos/random.ts'
import { settle } from '../chaos/settle.ts'
import { type Stack, startStack } from '../stack/topology.ts'

t.setTimeout(180_000)

/** Between two sends of one sender. */
const PAUSE_MS = 20

t.test('DRN-1 DRN-2 DRN-3 a rolling restart under load fails no send and loses nothing', async (t) => {
  if (!(await canRun())) return void t.skip('nats-server or nginx is not to be had', () => undefined)
  const random = new Random(1)
  const path = join(tmpdir(), `parley-rolling-${process.pid}.jsonl`)
  const log = new HistoryLog(path)
  const logs: string[] = []
  const stack = await startStack({
    api: 2,
    gateway: 2,
    notifier: 2,
    env: { RATE_LIMITS: 'off', LOG_LEVEL: 'info' },
    log: (name, line) => logs.push(`${name} ${line}`)
  })
  t.teardown(async () => {
    await stack.stop()
    await log.close()
    await rm(path, { force: true })
  })
  const addresses = { rest: [stack.url], sockets: [stack.url.replace('http', 'ws')] }
  const population = await Population.begin({ log, addresses, random, people: 8, rooms: 4 })
  t.teardown(() => population.stop())
  // One attempt and no other: what fails once has failed.
  const rest = new RecordingRest({ log, base: () => stack.url, random: random.next, patience_ms: 0 })
  const load = new SendingLoad(population, rest)

  load.start()
  await waitUntil(() => load.sent > 100, { message: 'everyone talks', timeout_ms: 20_000 })
  await restartOneByOne(stack)
  const failed = await load.stop()

  t.same(failed, [], `of ${load.sent} sends none failed`)
  t.ok(load.sent > 500, `${load.sent} sends`)
  const { settled, history, truth } = await settle(population, stack.databaseUrl, 30_000)
  t.ok(settled, 'everyone is back and has everything')
  const { violations, figures } = checkDelivery(history, truth)
  t.same(violations, [])
  t.comment(JSON.stringify(figures.close_codes))
  t.match(figures.close_codes, { open: Number }, 'nobody was thrown out')
  t.notMatch(logs.join('\n'), /"level":(?:50|60)/, 'no service logged an error')
})

async function restartOneByOne(stack: Stack): Promise<void> {
  for (const name of stack.processes.map((one) => one.name)) {
    if (!/^(?:api|gateway|notifier)-/.test(name)) continue
    await stack.restart(name)
    await delay(500)
  }
}

/** People who talk all the time, over REST and over sockets, one send after the other each. */
class SendingLoad {
  sent = 0
  readonly #population: Population
  readonly #rest: RecordingRest
  readonly #failed: Outcome[] = []
  #senders: Promise<void>[] = []
  #stopping = false

  constructor(population: Population, rest: RecordingRest) {
    this.#population = population
    this.#rest = rest
  }

  start(): void {
    const { people, rooms } = this.#population
    for (const room of rooms) this.#send(() => sayIn(this.#population, room))
    for (const [n, person] of people.entries()) {
      const room = rooms.find(({ members }) => members.has(person))
      if (room) this.#send(() => this.#sayOverRest(person, room, `1${n}`))
    }
  }

  async stop(): Promise<Outcome[]> {
    this.#stopping = true
    await Promise.all(this.#senders)
    return this.#failed
  }

  #send(say: () => Promise<Outcome | undefined>): void {
    this.#senders.push(this.#sendUntilStopped(say))
  }

  async #sendUntilStopped(say: () => Promise<Outcome | undefined>): Promise<void> {
    while (!this.#stopping) {
      const outcome = await say()
      if (outcome && outcome.type !== 'ok') this.#failed.push(outcome)
      if (outcome) this.sent++
      await delay(PAUSE_MS)
    }
  }

  #sayOverRest({ account, control }: Person, room: Room, series: string): Promise<Outcome> {
    const n = Number(`${series}${String(this.sent).padStart(7, '0')}`)
    return this.#rest.send(control, room.id, bodyOf(room.id, account.id, n))
  }
}

async function canRun(): Promise<boolean> {
  const nats = findNatsServer() !== undefined || (await installDebianPackage('nats-server'))
  return nats && (findNginx() !== undefined || (await installDebianPackage('nginx')))
}
