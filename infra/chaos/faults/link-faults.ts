import type { ChaosProxy } from '@parley/testing'
import { Random } from '../random.ts'
import type { Fault, Touched, World } from './fault.ts'

/** What is between two kinds of parts. */
const links: { name: string; touches: Touched[] }[] = [
  { name: 'api-postgres', touches: ['api', 'postgres'] },
  { name: 'api-nats', touches: ['api', 'nats'] },
  { name: 'gateway-api', touches: ['gateway', 'api'] },
  { name: 'gateway-nats', touches: ['gateway', 'nats'] },
  { name: 'notifier-nats', touches: ['notifier', 'nats'] },
  { name: 'client-nginx', touches: ['clients'] }
]

type Spoil = (link: ChaosProxy, random: Random) => void | Promise<void>

interface Way {
  name: string
  seconds: [number, number]
  spoil: Spoil
  /** Of these links only. */
  of?: RegExp
}

const spoils: Way[] = [
  { name: 'partition', seconds: [2, 18], spoil: (link) => link.blackhole() },
  { name: 'one-way', seconds: [2, 12], spoil: (link, random) => link.blackhole(random.pick(['up', 'down'])) },
  { name: 'cut', seconds: [1, 8], spoil: (link) => link.cut() },
  { name: 'reset', seconds: [0, 1], spoil: (link) => link.reset() },
  {
    name: 'half-close',
    seconds: [1, 4],
    spoil: (link, random) => link.halfClose(random.pick(['up', 'down']))
  },
  { name: 'slow', seconds: [3, 8], spoil: slow },
  {
    // Only doorbells carry a checksum of their own. What PostgreSQL and HTTP say is TCP's and TLS's to protect.
    name: 'corrupt',
    seconds: [3, 8],
    spoil: (link, random) => link.corrupt(random.pick([2e-5, 1e-4, 5e-4])),
    of: /-nats$/
  }
]

/** Each way to spoil a link, on each link. */
export const linkFaults: Fault[] = links.flatMap(({ name, touches }) =>
  spoils
    .filter(({ of }) => of?.test(name) ?? true)
    .map(
      ({ name: what, seconds, spoil }): Fault => ({
        name: `${what}:${name}`,
        touches,
        seconds,
        async begin(world, random) {
          const spoilt = some(linksOf(world, name), random)
          // All of them in the same direction: half of a link each would be another fault.
          const choices = random.int(0, 2 ** 31)
          for (const link of spoilt) await spoil(link, new Random(choices))
          return async () => {
            await Promise.all(spoilt.map((link) => link.pass()))
          }
        }
      })
    )
)

function slow(link: ChaosProxy, random: Random): void {
  link.delay(random.int(20, 300))
  if (random.chance(0.3)) link.throttle(random.int(50_000, 500_000))
}

function linksOf({ links }: World, name: string): ChaosProxy[] {
  const [from = '', to = ''] = name.split('-')
  return [...links].filter(([key]) => key.startsWith(from) && key.includes(`>${to}`)).map(([, link]) => link)
}

/** Those of one instance, or all. */
function some(links: ChaosProxy[], random: Random): ChaosProxy[] {
  const all = random.chance(0.4)
  const one = random.pick(links)
  return all ? links : [one]
}
