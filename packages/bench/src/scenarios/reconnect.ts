import { LoadClient } from '../load/load-client.ts'
import { runRequests } from '../load/request-load.ts'
import { cpuSeconds } from '../machine/process-usage.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { BatchDoor } from '../systems/batch-door.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import type { SeededMember } from '../systems/seed-rooms.ts'
import { withClient } from '../systems/with-client.ts'
import { contenderOf } from './measured-run.ts'

const PER_ROOM = 50
const MISSED_PER_ROOM = 20
const STEADY_RATE = 500

/** The gateway is killed; messages are sent meanwhile; everyone comes back at once and resumes. No peer can do that. */
export function reconnect(sockets: number): Scenario {
  return {
    name: `reconnect-${sockets}`,
    about: `${sockets} sockets in rooms of ${PER_ROOM} lose their gateway by kill -9, miss ${MISSED_PER_ROOM} messages each, and come back all at once with their cursors when it is up again.`,
    metrics: [
      {
        key: 'all_back',
        label: 'until the last is back and has what it missed',
        unit: 's',
        better: 'lower',
        target: 30,
        stretch: 10
      },
      { key: 'back_p50', label: 'until half are', unit: 's', better: 'lower' },
      {
        key: 'database_ratio',
        label: `Postgres CPU, in steady load of ${STEADY_RATE} sends/s = 1`,
        unit: '',
        better: 'lower',
        target: 2
      }
    ],
    contenders: [contenderOf(parleySystem(), (options) => measure(sockets, options))]
  }
}

async function measure(sockets: number, { seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const members = (await parley.makeMembers(sockets / PER_ROOM, PER_ROOM)) as SeededMember[]
  const { dialect, ports, stack } = parley
  const pidOf = (name: string) => stack.processes.find((one) => one.name === name)?.pid ?? 0
  await using load = LoadClient.start()
  const first = await load.connect({ dialect, ports, members })
  const door = new BatchDoor(pidOf('api-1'))
  try {
    const senders = members.filter((_, n) => n % PER_ROOM === 0)
    const send = (n: number) => door.send(senders[n % senders.length] ?? fail(), 'x'.repeat(200))
    const postgres = async (work: () => Promise<unknown>) => {
      const [cpu, begin] = [cpuSeconds(pidOf('postgres')), performance.now()]
      await work()
      return ((cpuSeconds(pidOf('postgres')) - cpu) * 1_000) / (performance.now() - begin)
    }
    const steady = await postgres(() => runRequests({ kind: 'open', rate: STEADY_RATE, seconds }, send))
    // The number line's head is in the database: everyone resumes from there.
    const cursors = await headsOf(stack.databaseUrl)
    await stack.kill('gateway-1')
    await load.closeSockets()
    const missed = await sendMissed(senders, send)
    await stack.restart('gateway-1')
    const back = members.map((member) => ({ ...member, since: cursors.get(member.room) ?? 0 }))
    const plan = { dialect, ports, members: back, concurrency: sockets, retry: true }
    let report = first
    const storm = await postgres(async () => {
      report = await load.connect(plan)
    })
    const expected = missed * PER_ROOM
    const details = { first_connect_ms: first.elapsed_ms, ...report, expected, steady, storm }
    if (report.replayed !== expected)
      return { values: {}, refused: `${report.replayed} of ${expected} missed messages came`, details }
    return {
      values: {
        all_back: report.elapsed_ms / 1_000,
        back_p50: percentilesOf([report.ready_ms]).p50 / 1_000,
        database_ratio: storm / steady
      },
      details
    }
  } finally {
    await door.close()
  }
}

async function sendMissed(
  senders: readonly SeededMember[],
  send: (n: number) => Promise<void>
): Promise<number> {
  const count = senders.length * MISSED_PER_ROOM
  for (let n = 0; n < count; n += senders.length)
    await Promise.all(senders.map((_, index) => send(n + index)))
  return count
}

async function headsOf(databaseUrl: string): Promise<Map<string, number>> {
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ id: string; last_seq: string }>('select id, last_seq from conversations')
  )
  return new Map(rows.map(({ id, last_seq }) => [id, Number(last_seq)]))
}

function fail(): never {
  throw new Error('no members were made')
}
