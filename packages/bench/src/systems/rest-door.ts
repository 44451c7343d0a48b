import { Pool } from 'undici'
import { Refusal, retryAfterMs } from './refusal.ts'
import type { SeededMember } from './seed-rooms.ts'

const CONNECTIONS = 64

/** conversation-api's own public port, by REST, with sessions' tokens. */
export class RestDoor {
  readonly #pool: Pool

  constructor(port: number) {
    this.#pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS })
  }

  send({ room, token }: SeededMember, body: string): Promise<void> {
    return this.#request(token, `conversations/${room}/messages/`, JSON.stringify({ body }))
  }

  /** Reads the whole answer; rejects unless it is a 2xx. */
  get({ token }: Pick<SeededMember, 'token'>, path: string): Promise<void> {
    return this.#request(token, path)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #request(token: string, path: string, body?: string): Promise<void> {
    const {
      statusCode,
      headers,
      body: answer
    } = await this.#pool.request({
      method: body === undefined ? 'GET' : 'POST',
      path: `/messaging/api/${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...(body === undefined ? {} : { body })
    })
    if (statusCode === 503 || statusCode === 429) {
      await answer.dump()
      throw new Refusal(`${path} answered ${statusCode}`, retryAfterMs(headers))
    }
    if (statusCode >= 300) throw new Error(`${path} answered ${statusCode}: ${await answer.text()}`)
    await answer.dump({ limit: Number.POSITIVE_INFINITY })
  }
}
