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
    // A crowd of strangers beside those whose every frame is checked; some of it comes back without any back-off.
    name: 'reconnect-storm:crowd',
    touches: ['clients'],
    seconds: [4, 10],
    async begin({ crowd }) {
      if (!crowd) throw new Error('there is no crowd')
      return await crowd.storm()
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
