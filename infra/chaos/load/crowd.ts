import { availableParallelism } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { SignedInSession } from '@parley/testing'
import type { Random } from '../random.ts'
import type { Population } from './population.ts'

interface CrowdOptions {
  random: Random
  /** Bases for sockets. */
  addresses: readonly string[]
  /** Whose sockets they are: a user may have a hundred. */
  sessions: readonly SignedInSession[]
  size: number
}

/** Of these, in a hundred, come back at once and again, whatever they are told. */
const HOSTILE = 5
const BACK_MS = 30_000
const CAP_MS = 3_000

const MOST = 5_000
const PER_CORE = 500
const SOCKETS_OF_ONE = 90

/** As large as this machine can bear, at most five thousand. */
export async function beginCrowd(population: Population): Promise<Crowd> {
  const size = Math.min(MOST, PER_CORE * availableParallelism())
  const sessions = await population.strangers(Math.ceil(size / SOCKETS_OF_ONE))
  return new Crowd({ random: population.random, addresses: population.addresses.sockets, sessions, size })
}

/** Sockets in numbers, that only come and go: what they do to everyone else is what is looked at. */
export class Crowd {
  readonly size: number
  readonly #options: CrowdOptions
  readonly #open = new Set<WebSocket>()
  #on = false

  constructor(options: CrowdOptions) {
    this.#options = options
    this.size = options.size
  }

  /**
   * Everyone comes, all are cut off at once, and come back; resolves then. Returns how to send them away, which rejects if a
   * well-behaved one was not let in again.
   */
  async storm(): Promise<() => Promise<void>> {
    const { sessions, size } = this.#options
    this.#on = true
    const everyone = Array.from({ length: size }, (_, n) => n)
    const of = (n: number) => sessions[n % sessions.length]
    const arrivals = everyone.map((n) => this.#arrive(of(n), n % 100 < HOSTILE))
    await Promise.all(arrivals)
    const cut = [...this.#open]
    for (const socket of cut) socket.close()
    const back = everyone.map((n) => this.#arrive(of(n), n % 100 < HOSTILE))
    return async () => {
      const late = await Promise.all(back)
      this.#on = false
      for (const socket of this.#open) socket.close()
      const missing = late.filter((arrived) => !arrived).length
      if (missing > 0) throw new Error(`${missing} of ${size} in the crowd could not come back`)
    }
  }

  /** Tries until it is welcomed; false where that takes too long. */
  async #arrive(session: SignedInSession | undefined, hostile: boolean): Promise<boolean> {
    if (!session) return true
    const deadline = performance.now() + BACK_MS
    for (let attempt = 0; this.#on && performance.now() < deadline; attempt++) {
      if (await this.#connect(session)) return true
      if (!hostile) await delay(this.#options.random.next() * Math.min(CAP_MS, 100 * 2 ** attempt))
    }
    return hostile
  }

  #connect({ token }: SignedInSession): Promise<boolean> {
    const { random, addresses } = this.#options
    const headers = { authorization: `Bearer ${token}` }
    const socket = new WebSocket(`${random.pick(addresses)}/ws/`, { headers, protocols: 'parley.v1' })
    return new Promise((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        if (!String(data).includes('"welcome"')) return
        this.#open.add(socket)
        socket.send('{"type":"subscribe_all"}')
        resolve(true)
      })
      socket.addEventListener('error', () => resolve(false))
      socket.addEventListener('close', () => {
        this.#open.delete(socket)
        resolve(false)
      })
    })
  }
}
