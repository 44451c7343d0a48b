import { randomUUIDv7 } from 'node:crypto'
import {
  type Attachment,
  type DurableEvent,
  type ForwardedFrom,
  ProblemError,
  type User
} from '@parley/contracts'
import type { Tracing } from '@parley/service-kit'
import type pg from 'pg'
import { hasFiles, writeWithFiles } from '../attachments/message-files-store.ts'
import type { EventSink } from '../changes/conversation-line.ts'
import { toEvent } from '../changes/frame-encoder.ts'
import { isDatabaseTrouble } from '../database/database-trouble.ts'
import { hashOf } from '../requests/idempotent-request.ts'
import { mentionedNames } from '../mentions/mentioned-names.ts'
import { toNewMessage } from './message-view.ts'
import { takeBatch } from './take-batch.ts'
import { type Item, type Outcome, type Written, writeCall } from './write-call.ts'

export interface NewSend {
  user: User
  conversation_id: string
  body: string
  client_id?: string | undefined
  reply_to_id?: string | null | undefined
  /** The root of the thread it is a reply in. */
  thread_id?: string | null | undefined
  /** The message it is a copy of: as the caller named it, and where its text is from. */
  forward?: { asked: { conversation_id: string; message_id: string }; origin: ForwardedFrom } | undefined
  /** Uploads that go with it, in the order in which they are shown. Such a send is a batch of its own. */
  attachment_ids?: string[] | undefined
  /** The message whose files it shows too. */
  files_of?: string | undefined
}

/** A replay says only which message it was, also to a sender who was removed since: {@link replayOf} reads it as it is now. */
export type Sent =
  | {
      replay: false
      message_id: string
      seq: number
      created_at: Date
      mentions: string[] | null
      attachments: Attachment[]
    }
  | { replay: true; message_id: string }

interface Waiting extends Item {
  /** When it came, by `performance.now()`. */
  since: number
  /** The `traceparent` of whoever sent it. */
  trace: string | undefined
  /** Once they are known. */
  files?: Attachment[]
  resolve(sent: Sent): void
  reject(error: unknown): void
}

/**
 * Sends that wait for their batch, and how long the first of them may have: beyond either, whoever comes is told to come again. It
 * is a third of a second's work: with 10,000 an api at twice its peak grew by 360 MB instead of 220, and did no more.
 */
const MAX_WAITING = 4_000
const MAX_WAIT_MS = 1_000
/** One for all: under overload, to refuse must cost less than to serve, and a stack trace alone costs more than a send. */
const overloaded = new ProblemError('overloaded', { retry_after_ms: 1_000 })

/**
 * Writes sends in batches: one batch is in flight, and when it returns everything that waited goes with the next. There is no
 * timer, so a lone send waits for nothing but the end of the event-loop turn. One fsync and one lock of a busy conversation
 * then serve many messages. Sends keep the order in which they came.
 *
 * Throws `not_found`, `idempotency_conflict`, `idempotency_refused`, `message_deleted` (reply), `validation_failed` (reply),
 * `overloaded` (with retry_after_ms) when too many wait or the first for too long, `unavailable` when the database cannot be reached: the
 * send may then have happened, and a retry with the same client_id finds out.
 *
 * @example
 * const { seq } = await writer.send({ user, conversation_id, body: 'hello' })
 */
export class MessageWriter {
  readonly #pool: pg.Pool
  readonly #relay: EventSink
  readonly #tracing: Tracing | undefined
  #waiting: Waiting[] = []
  #scheduled = false
  #busy: Promise<void> | undefined

  constructor(pool: pg.Pool, relay: EventSink, tracing?: Tracing) {
    this.#pool = pool
    this.#relay = relay
    this.#tracing = tracing
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Whoever comes now is refused. */
  get full(): boolean {
    const [first] = this.#waiting
    if (!first) return false
    return this.#waiting.length >= MAX_WAITING || performance.now() - first.since > MAX_WAIT_MS
  }

  send(send: NewSend): Promise<Sent> {
    if (this.full) return Promise.reject(overloaded)
    const since = performance.now()
    const hash = send.client_id === undefined ? null : contentHash(send)
    // A copy mentions nobody: those are its readers', not its author's.
    const names = send.forward ? [] : mentionedNames(send.body)
    return new Promise((resolve, reject) => {
      const trace = this.#tracing?.current()
      this.#waiting.push({ id: randomUUIDv7(), hash, send, names, since, trace, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#busy = this.#drain()
    })
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#write(takeBatch(this.#waiting))
    this.#busy = undefined
  }

  async #write(batch: Waiting[]): Promise<void> {
    const about = { 'parley.batch': batch.length }
    const steps =
      this.#tracing && batch.map(({ trace }) => this.#tracing?.follow(trace, 'write message', about))
    try {
      const rows = await this.#call(batch)
      for (const step of steps ?? []) step?.end()
      this.#settle(batch, rows)
    } catch (error) {
      for (const step of steps ?? []) step?.end('failed')
      // What one item does to the statement must not be the others' fate.
      if (batch.length > 1 && isDataError(error)) for (const one of batch) await this.#write([one])
      else for (const { reject } of batch) reject(toProblem(error))
    }
  }

  async #call(batch: Waiting[]): Promise<Written> {
    const [one] = batch
    if (!one || !hasFiles(one.send)) return writeBatch(this.#pool, batch)
    const message = { id: one.id, send: one.send, newId: randomUUIDv7 }
    return writeWithFiles(this.#pool, message, async (client, files) => {
      one.files = files
      const result = await writeBatch(client, batch)
      return { created: result.outcomes[0] === 'created', result }
    })
  }

  /** Publishes first, then answers: who is acknowledged is already on the way. */
  #settle(batch: Waiting[], { outcomes, message_ids, seqs, sent_at, mentions }: Written): void {
    const created = batch.flatMap((one, n): Created[] => {
      if (outcomes[n] !== 'created') return []
      return [
        {
          one,
          seq: Number(seqs[n]),
          created_at: sent_at,
          mentions: mentions?.[n + 1] ?? null,
          attachments: one.files ?? []
        }
      ]
    })
    this.#relay.push(created.map(toCreatedEvent), this.#tracing && created.map(({ one }) => one.trace))
    for (const { one, ...facts } of created) one.resolve({ replay: false, message_id: one.id, ...facts })
    for (const [n, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[n]
      if (outcome === 'replay') resolve({ replay: true, message_id: String(message_ids[n]) })
      else if (outcome !== 'created') reject(refusal(outcome))
    }
  }

  /** Resolves when nothing is waiting or in flight. */
  async close(): Promise<void> {
    while (this.#scheduled || this.#busy) {
      await (this.#busy ?? new Promise((resolve) => setImmediate(resolve)))
    }
  }
}

interface Created {
  one: Waiting
  seq: number
  created_at: Date
  mentions: string[] | null
  attachments: Attachment[]
}

async function writeBatch(connection: pg.Pool | pg.PoolClient, batch: Waiting[]): Promise<Written> {
  const { rows } = await connection.query<Written>(writeCall(batch))
  if (!rows[0]) throw new Error('write_messages answered nothing')
  return rows[0]
}

function toCreatedEvent({ one: { id, send }, ...facts }: Created): DurableEvent {
  const { user, conversation_id } = send
  const { seq } = facts
  const head = {
    conversation_id,
    seq,
    prev: seq - 1,
    kind: 'message.created',
    subject_id: id,
    actor_id: user.id
  } as const
  return toEvent(head, { type: 'message', message: toNewMessage(send, { message_id: id, ...facts }) })
}

/** What a retry must have in common with the first attempt. A copy's text is its source's at the time: it does not count. */
export function contentHash(
  send:
    | Pick<NewSend, 'body' | 'reply_to_id' | 'thread_id' | 'attachment_ids'>
    | { forward: Pick<NonNullable<NewSend['forward']>, 'asked'> }
): Buffer {
  if ('forward' in send && send.forward) return hashOf({ forward: send.forward.asked })
  const { body, reply_to_id = null, thread_id, attachment_ids } = send as NewSend
  return hashOf({ body, reply_to_id, thread_id: thread_id ?? undefined, attachment_ids })
}

function refusal(outcome: Exclude<Outcome, 'created' | 'replay'> | undefined): Error {
  switch (outcome) {
    case 'not_found':
      return new ProblemError('not_found')
    case 'refused':
      return new ProblemError('idempotency_refused')
    case 'conflict':
      return new ProblemError('idempotency_conflict')
    case 'reply_deleted':
    case 'thread_deleted':
      return new ProblemError('message_deleted')
    case 'reply_not_found':
      return new ProblemError('validation_failed', {
        errors: [{ pointer: '/reply_to_id', reason: 'is no message of this conversation' }]
      })
    case 'thread_not_found':
      return new ProblemError('validation_failed', {
        errors: [
          { pointer: '/thread_id', reason: 'is no message of this conversation that a thread can begin with' }
        ]
      })
    default:
      return new Error('write_messages left an item unanswered')
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation): the values are at fault, not the connection. */
function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '')
}

function toProblem(error: unknown): unknown {
  if (!isDatabaseTrouble(error)) return error
  return new ProblemError('unavailable', {
    detail: 'The send may or may not have happened',
    retry_after_ms: 1_000
  })
}

function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
