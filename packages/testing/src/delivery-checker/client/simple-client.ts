import type { Attempt, Outcome } from './attempt.ts'
import type { WireFrame } from './describe-frame.ts'
import { operate } from './operate.ts'
import type { SocketPlan } from './recording-socket.ts'
import { refusals } from './refusals.ts'
import { ReturningClient, type ReturningClientOptions } from './returning-client.ts'

export interface SimpleClientOptions extends ReturningClientOptions {
  room: string
  /** How long its own message may take to come back, in milliseconds. Default 10,000. */
  patience_ms?: number
}

/**
 * A client of the simple dialect, as the seeds' are: no acknowledgements, no keys. It knows that it has sent when its own message
 * comes back, never sends twice, and asks with `?since=` for what came after the newest message it has.
 */
export class SimpleClient extends ReturningClient<SimpleClientOptions> {
  readonly #waiting = new Map<string, (attempt: Attempt) => void>()
  #newest: number | undefined

  async send(body: string): Promise<Outcome> {
    const { log, room: conversation, random, patience_ms = 10_000 } = this.options
    const { user, session } = this.identity
    const intent = { kind: 'send', user, session, via: 'socket', conversation, body } as const
    return await operate(log, intent, () => this.#attempt(body, patience_ms), {
      patience_ms,
      random,
      again: false
    })
  }

  async #attempt(body: string, patience_ms: number): Promise<Attempt> {
    const socket = this.socket
    if (!socket?.isOpen) return { outcome: 'refused', code: 'not_connected' }
    const answer = Promise.withResolvers<Attempt>()
    const timer = setTimeout(() => answer.resolve({ outcome: 'maybe', code: 'timeout' }), patience_ms)
    this.#waiting.set(body, answer.resolve)
    socket.send({ body })
    const attempt = await answer.promise
    clearTimeout(timer)
    this.#waiting.delete(body)
    return attempt
  }

  protected plan(): SocketPlan {
    const { base, room } = this.options
    const since = this.#newest
    const query = since === undefined ? '' : `?since=${since}`
    return { url: `${base()}/ws/chat/${room}/${query}`, dialect: 'simple', conversation: room, since }
  }

  protected received({ type, message, code }: WireFrame): void {
    if (type === 'error' && this.#waiting.size === 1) this.#answerAll(code ?? 'error')
    if (type !== 'message' || message?.seq === undefined) return
    this.#newest = Math.max(this.#newest ?? 0, message.seq)
    this.#waiting.get(message.body ?? '')?.({ outcome: 'ok', seq: message.seq, message: message.id })
  }

  /** Nothing will come back on a socket that is not coming back: why it ended is the answer (chaos seed 118). */
  protected override halted(code: number | undefined): void {
    this.#answerAll(refusals.get(code) ?? 'stopped')
  }

  /** An error says not what it is about: of one send alone it is the answer (chaos seed 222). */
  #answerAll(code: string): void {
    for (const resolve of this.#waiting.values()) resolve({ outcome: 'maybe', code })
  }
}
