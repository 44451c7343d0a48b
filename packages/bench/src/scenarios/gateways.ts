import { LoadClient } from '../load/load-client.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import type { ChatSystem } from '../systems/chat-system.ts'
import { parleySystem } from '../systems/parley-system.ts'
import { contenderOf, detailsOf, whyRefused, withCpu } from './measured-run.ts'

const SOCKETS = 1_000
const RATE = 100
const WARM_UP_SECONDS = 2

/** Two cores cannot show that two gateways carry more; they show that a delivery costs the same. */
export const gateways: Scenario = {
  name: 'two-gateways',
  about: `One room of ${SOCKETS} sockets at ${RATE} sends/s, the sockets spread over the gateways: what a delivery costs.`,
  metrics: [
    { key: 'gateway_cpu', label: 'CPU of all gateways per delivery', unit: 'µs', better: 'lower' },
    { key: 'all_cpu', label: 'CPU of all processes per delivery', unit: 'µs', better: 'lower' }
  ],
  contenders: [parleySystem({ gateways: 2 }), parleySystem()].map((system) =>
    contenderOf(system, (options) => measure(system, options))
  )
}

async function measure(system: ChatSystem, { seconds }: MeasureOptions): Promise<Outcome> {
  await using running = await system.start()
  await using load = LoadClient.start()
  const members = await running.makeMembers(1, SOCKETS)
  await load.connect({ dialect: running.dialect, ports: running.ports, members })
  const plan = { kind: 'open', rate: RATE, body_length: 200 } as const
  await load.run({ ...plan, seconds: WARM_UP_SECONDS })
  const { result: run, cpu } = await withCpu(running.processes, () => load.run({ ...plan, seconds }))
  const refused = whyRefused(run)
  const details = detailsOf(run, cpu)
  if (refused !== undefined) return { values: {}, refused, details }
  const micros = (of: (name: string) => boolean) =>
    (Object.entries(cpu).reduce((sum, [name, one]) => sum + (of(name) ? one : 0), 0) * 1_000_000) /
    run.delivered
  return {
    values: { gateway_cpu: micros((name) => name.startsWith('gateway-')), all_cpu: micros(() => true) },
    details
  }
}
