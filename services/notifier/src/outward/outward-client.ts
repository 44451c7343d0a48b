import { Agent, request } from 'node:https'
import { AddressGuard } from './address-guard.ts'

export interface OutwardOptions {
  /** Private networks that may be called all the same. */
  networks?: readonly string[]
  /** Certificates to trust instead of the usual ones, as PEM. */
  ca?: string
  /** How long one call may take, in milliseconds. */
  timeout_ms?: number
}

export interface OutwardAnswer {
  status: number
  /** How long it wants to be left alone, in milliseconds. */
  retry_after_ms: number | undefined
}

/**
 * Calls addresses that others gave us: https only, no internal address, no redirect followed, and nothing of the answer read but its
 * status.
 *
 * @example
 * const outward = new OutwardClient({})
 * const { status } = await outward.post('https://hooks.example.org/', { 'content-type': 'application/json' }, body)
 */
export class OutwardClient {
  readonly #guard: AddressGuard
  readonly #agent: Agent
  readonly #timeout_ms: number

  constructor({ networks = [], ca, timeout_ms = 10_000 }: OutwardOptions) {
    this.#guard = new AddressGuard(networks)
    this.#timeout_ms = timeout_ms
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 16,
      maxFreeSockets: 4,
      lookup: this.#guard.lookup,
      ...(ca === undefined ? {} : { ca })
    })
  }

  /** Rejects with an `InternalAddress` for one that must not be called, else with whatever kept it from being called. */
  async post(
    address: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer | string
  ): Promise<OutwardAnswer> {
    const url = new URL(address)
    if (url.protocol !== 'https:') throw new TypeError('only https is called')
    this.#guard.check(url)
    const signal = AbortSignal.timeout(this.#timeout_ms)
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    return new Promise((resolve, reject) => {
      const call = request(
        url,
        { method: 'POST', agent: this.#agent, signal, headers: { ...headers, ...length } },
        (answer) => {
          const retry_after_ms = waitOf(answer.headers['retry-after'])
          resolve({ status: answer.statusCode ?? 0, retry_after_ms })
          // What it says is of no interest, and may be without end.
          answer.on('error', () => undefined)
          if (Number(answer.headers['content-length'] ?? Number.NaN) <= 16_384) answer.resume()
          else answer.destroy()
        }
      )
      call.on('error', reject)
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** Seconds or a date, as HTTP has it; an hour at most. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(Math.round(ms), 0), 3_600_000) : undefined
}
