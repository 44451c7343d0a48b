import { orderCrash, type Step } from '../seams/control.ts'
import { within } from '../within.ts'
import { type Fault, instancesOf, type ServiceName, type Touched, type World } from './fault.ts'

const steps: { step: Step; service: ServiceName; touches: Touched[] }[] = [
  { step: 'after commit', service: 'api', touches: ['api', 'postgres'] },
  { step: 'after publish', service: 'api', touches: ['api', 'postgres', 'nats'] },
  { step: 'before answer', service: 'api', touches: ['api', 'postgres', 'gateway'] },
  { step: 'before ack', service: 'notifier', touches: ['notifier', 'nats', 'api', 'postgres'] },
  { step: 'mid ringing', service: 'notifier', touches: ['notifier', 'nats', 'api', 'postgres'] },
  { step: 'mid fan-out', service: 'gateway', touches: ['gateway', 'api', 'postgres'] }
]

/** The load passes every step many times a second. */
const REACHED_MS = 30_000

/** A crash exactly there, at a passage that the seed chooses. */
export const crashFaults: Fault[] = steps.map(({ step, service, touches }) => ({
  name: `crash:${step.replaceAll(' ', '-')}`,
  touches,
  seconds: [1, 3],
  async begin(world: World, random) {
    const name = random.pick(instancesOf(world, service))
    if (world.stack.runs(name)) {
      const ended = world.stack.ends(name)
      await orderCrash(world.sockets, pidOf(world, name), step, random.int(1, 40))
      await within(REACHED_MS, `${name} did not come to "${step}"`, ended)
    }
    return () => world.stack.restart(name)
  }
}))

function pidOf({ stack }: World, name: string): number {
  const process = stack.processes.find((one) => one.name === name)
  if (!process) throw new Error(`there is no ${name}`)
  return process.pid
}
