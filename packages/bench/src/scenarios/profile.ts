import { LoadClient } from '../load/load-client.ts'
import { Inspector } from '../machine/inspector.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { parleySystem, startParley } from '../systems/parley-system.ts'
import { contenderOf, withCpu } from './measured-run.ts'

const SHOWN = 15
const WARM_UP_SECONDS = 2

/** Where the time goes in each service: figures for whoever makes it faster. */
export function profile(rooms: number, per_room: number, rate: number): Scenario {
  return {
    name: `profile-${rooms}x${per_room}-${rate}`,
    about: `CPU of each process at ${rate} sends/s in ${rooms} rooms of ${per_room}; the profiles are on standard error and in the raw results.`,
    metrics: ['gateway-1', 'api-1', 'notifier-1', 'postgres', 'nats'].map((name) => ({
      key: name,
      label: `${name}, CPU per send`,
      unit: 'µs',
      better: 'lower'
    })),
    contenders: [contenderOf(parleySystem(), (options) => measure({ rooms, per_room, rate }, options))]
  }
}

async function measure(
  { rooms, per_room, rate }: { rooms: number; per_room: number; rate: number },
  { seconds, log }: MeasureOptions
): Promise<Outcome> {
  await using parley = await startParley()
  const { dialect, ports, processes } = parley
  await using load = LoadClient.start()
  await load.connect({ dialect, ports, members: await parley.makeMembers(rooms, per_room) })
  const plan = { kind: 'open', rate, body_length: 200 } as const
  await load.run({ ...plan, seconds: WARM_UP_SECONDS })
  const { result: run, cpu } = await withCpu(processes, () => load.run({ ...plan, seconds }))
  const profiles: Record<string, unknown> = {}
  for (const { name, pid } of processes.filter((one) => /^(gateway|api|notifier)-/.test(one.name))) {
    await using inspector = await Inspector.open(pid)
    const functions = await inspector.profile(() => load.run({ ...plan, seconds }))
    profiles[name] = functions
    log(`  ${name}`)
    for (const { where, percent } of functions.slice(0, SHOWN)) log(`    ${percent.toFixed(1)} % ${where}`)
  }
  const perSend = Object.entries(cpu).map(([name, one]) => [name, (one * 1_000_000) / run.sent] as const)
  return { values: Object.fromEntries(perSend), details: { cpu, profiles } }
}
