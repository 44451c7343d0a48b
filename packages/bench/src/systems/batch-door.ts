import { readFileSync } from 'node:fs'
import {
  type BeatReply,
  type BeatReport,
  type Command,
  type CommandResult,
  internalPaths,
  internalSecretHeader,
  onlySendsHeader
} from '@parley/contracts'
import { Pool } from 'undici'
import { Refusal, retryAfterMs } from './refusal.ts'
import type { SeededMember } from './seed-rooms.ts'

/** As a gateway does it: so many calls in flight, each with what came while they were. */
const CALLS_IN_FLIGHT = 2
const COMMANDS_PER_CALL = 256

interface Waiting {
  command: Command
  resolve(): void
  reject(error: Error): void
}

/** conversation-api's internal port, used as a gateway uses it. */
export class BatchDoor {
  readonly #pool: Pool
  readonly #secret: string
  readonly #calls: number
  #waiting: Waiting[] = []
  #in_flight = 0
  #armed = false
  readonly #run = process.hrtime.bigint().toString(36)
  #sent = 0

  /** Of an api process of this machine: the stack keeps its secret to itself, but the process has it in its environment. */
  constructor(api_pid: number, { calls = CALLS_IN_FLIGHT } = {}) {
    const environment = new Map(
      readFileSync(`/proc/${api_pid}/environ`, 'utf8')
        .split('\0')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    )
    this.#calls = calls
    this.#secret = environment.get('INTERNAL_SECRET') ?? ''
    this.#pool = new Pool(`http://127.0.0.1:${environment.get('INTERNAL_PORT')}`, {
      connections: calls
    })
  }

  send({ user_id, username, session_id, room }: SeededMember, body: string): Promise<void> {
    const client_id = `${this.#run}-${this.#sent++}`
    const command: Command = {
      user: { id: user_id, username, display_name: username },
      session_id,
      frame: { type: 'send', conversation_id: room, client_id, body }
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, resolve, reject })
      this.#arm()
    })
  }

  /** Rejects unless the answer is that nothing moved. */
  async beat(report: BeatReport): Promise<void> {
    const { rooms, ended, users } = (await this.#post(internalPaths.beat, report)) as BeatReply
    const moved = Object.keys(rooms).length + ended.length + Object.keys(users).length
    if (moved > 0) throw new Error(`${moved} items moved`)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  #arm(): void {
    if (this.#armed || this.#in_flight >= this.#calls) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      while (this.#waiting.length > 0 && this.#in_flight < this.#calls) void this.#call()
    })
  }

  async #call(): Promise<void> {
    const batch = this.#waiting.splice(0, COMMANDS_PER_CALL)
    this.#in_flight++
    try {
      const commands = batch.map(({ command }) => command)
      const results = (await this.#post(internalPaths.execute, commands)) as CommandResult[]
      for (const [n, { resolve, reject }] of batch.entries()) {
        const result = results[n]
        if (result?.ok) resolve()
        else if (result) reject(new Refusal(result.code, retryAfter(result.extras)))
        else reject(new Error('not answered'))
      }
    } catch (error) {
      for (const { reject } of batch) reject(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#in_flight--
      if (this.#waiting.length > 0) this.#arm()
    }
  }

  async #post(path: string, question: unknown): Promise<unknown> {
    const { statusCode, headers, body } = await this.#pool.request({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/json',
        [internalSecretHeader]: this.#secret,
        ...(path === internalPaths.execute && { [onlySendsHeader]: 'only' })
      },
      body: JSON.stringify(question)
    })
    const text = await body.text()
    if (statusCode === 503) throw new Refusal(text, retryAfterMs(headers))
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text}`)
    return JSON.parse(text)
  }
}

function retryAfter({ retry_after_ms }: { retry_after_ms?: unknown }): number | undefined {
  return typeof retry_after_ms === 'number' ? retry_after_ms : undefined
}
