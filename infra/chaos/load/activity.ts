import { changeMembership, tryAsOutsider } from './membership-activity.ts'
import { edit, erase, react, readBack, say, sayOverRest, type } from './message-activity.ts'
import { type Action, Pace } from './pace.ts'
import type { Population } from './population.ts'
import { replaceSession, shutOut } from './session-activity.ts'

const talk: [parts: number, action: Action][] = [
  [90, say],
  [10, sayOverRest]
]

/** What people do beside talking. */
const rest: [parts: number, action: Action][] = [
  [50, edit],
  [40, erase],
  [50, react],
  [30, readBack],
  [30, type],
  [25, changeMembership],
  [12, tryAsOutsider],
  [3, replaceSession],
  [0.5, shutOut]
]
const REST_SHARE = 0.3
/** However much is said: the rest tests what is promised about it, not the speed of a database. */
const REST_MAX = 30

/** Says `rate` things a second, and does everything else in between. */
export class Activity {
  readonly #paces: Pace[]

  constructor(population: Population, rate: number) {
    const others = Math.min(rate * REST_SHARE, REST_MAX)
    this.#paces = [
      new Pace({ population, rate, actions: talk, outstanding_max: Math.max(500, rate) }),
      new Pace({ population, rate: others, actions: rest, outstanding_max: 200 })
    ]
  }

  get errors(): unknown[] {
    return this.#paces.flatMap(({ errors }) => errors)
  }

  get outstanding(): number {
    return this.#paces.reduce((sum, { outstanding }) => sum + outstanding, 0)
  }

  start(): void {
    for (const pace of this.#paces) pace.start()
  }

  /** Nothing new is done; resolves when everything is answered or given up. */
  async stop(): Promise<void> {
    await Promise.all(this.#paces.map((pace) => pace.stop()))
  }
}
