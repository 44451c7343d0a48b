import type { Fault, World } from './fault.ts'

/** Clients that all come at once, and clients that do not read. */
export const clientFaults: Fault[] = [
  {
    name: 'reconnect-storm',
    touches: ['clients'],
    seconds: [0, 1],
    async begin(world) {
      for (const client of world.clients()) client.breakConnections()
      return async () => undefined
    }
  },
  {
    name: 'slow-consumers',
    touches: ['clients'],
    seconds: [5, 20],
    async begin(world: World, random) {
      const slow = world.clients().filter(() => random.chance(0.3))
      for (const client of slow) client.pause()
      return async () => {
        for (const client of slow) client.resume()
      }
    }
  }
]
