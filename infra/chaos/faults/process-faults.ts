import { type Fault, instancesOf, type ServiceName, signal, type World } from './fault.ts'

const services: ServiceName[] = ['api', 'gateway', 'notifier']

/** Crashes, orderly stops and stalls of the services. */
export const processFaults: Fault[] = [
  ...services.flatMap((service): Fault[] => [
    {
      name: `kill-one:${service}`,
      touches: [service],
      seconds: [1, 5],
      begin: (world, random) => end(world, [random.pick(instancesOf(world, service))], 'SIGKILL')
    },
    {
      name: `kill-every:${service}`,
      touches: service === 'api' ? ['api', 'gateway'] : [service],
      seconds: [1, 4],
      begin: (world) => end(world, instancesOf(world, service), 'SIGKILL')
    },
    {
      name: `stop-one:${service}`,
      touches: [service],
      seconds: [1, 4],
      begin: (world, random) => end(world, [random.pick(instancesOf(world, service))], 'SIGTERM')
    },
    {
      name: `stall-one:${service}`,
      touches: [service],
      seconds: [2, 8],
      begin: (world, random) => stall(world, random.pick(instancesOf(world, service)))
    }
  ]),
  {
    name: 'kill-everything',
    touches: ['api', 'gateway', 'notifier', 'nats', 'postgres'],
    seconds: [1, 3],
    begin: (world) =>
      end(
        world,
        services.flatMap((service) => instancesOf(world, service)),
        'SIGKILL'
      )
  },
  {
    name: 'rolling-restart',
    touches: ['api', 'gateway', 'notifier', 'nats', 'postgres'],
    seconds: [0, 0],
    begin: rollingRestart
  }
]

async function end(
  world: World,
  names: readonly string[],
  how: NodeJS.Signals
): Promise<() => Promise<void>> {
  await Promise.all(names.map((name) => signal(world, name, how)))
  return async () => {
    await Promise.all(names.map((name) => world.stack.restart(name)))
  }
}

/** The process is there and does nothing, as in a long garbage collection or a blocked event loop. */
async function stall(world: World, name: string): Promise<() => Promise<void>> {
  await signal(world, name, 'SIGSTOP')
  return () => signal(world, name, 'SIGCONT')
}

/** One after the other, as a deployment does it. */
async function rollingRestart(world: World): Promise<() => Promise<void>> {
  for (const service of services) {
    for (const name of instancesOf(world, service)) await world.stack.restart(name)
  }
  return async () => undefined
}
