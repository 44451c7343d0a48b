import { type DurableEvent, type DurableFrame, type EventKind, ProblemError } from '@parley/contracts'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { insertOutbox } from '../outbox/outbox-store.ts'
import { toEvent } from './frame-encoder.ts'
import type { LineQueue } from './line-queue.ts'

/** Takes events that are committed, for the bus. */
export interface EventSink {
  /** `traces`: the `traceparent` of each, where the caller's own step is not what they belong to. */
  push(events: readonly DurableEvent[], traces?: readonly (string | undefined)[]): void
}

export interface LineContext {
  db: Kysely<Database>
  relay: EventSink
  lines: LineQueue
}

export type ConversationRow = Selectable<Database['conversations']>

/** A frame without what the line itself knows. */
export type FrameBody<F = DurableFrame> = F extends DurableFrame
  ? Omit<F, 'conversation_id' | 'seq' | 'prev'>
  : never

interface Change {
  seq: number
  kind: EventKind
  subject_id: string
  actor_id: string
  frame: FrameBody
}

/**
 * A conversation's number line while its row lock is held. Every durable change but a send is made through one: check
 * membership and role first (nothing can change them now), then append.
 */
export class ConversationLine {
  readonly tx: Transaction<Database>
  readonly conversation: ConversationRow
  /** The time of all changes made under this lock. */
  readonly at: Date
  readonly #changes: Change[] = []

  constructor(tx: Transaction<Database>, conversation: ConversationRow, at: Date) {
    this.tx = tx
    this.conversation = conversation
    this.at = at
  }

  get head(): number {
    return this.conversation.last_seq + this.#changes.length
  }

  /** The seq that the next append takes: rows are written with it before the frame is built from them. */
  get next(): number {
    return this.head + 1
  }

  append(kind: EventKind, subject_id: string, actor_id: string, frame: FrameBody): number {
    const seq = this.next
    this.#changes.push({ seq, kind, subject_id, actor_id, frame })
    return seq
  }

  /** Writes the numbers, the change log and the outbox; the events are to be published after the commit. */
  async finish(): Promise<DurableEvent[]> {
    const { id: conversation_id } = this.conversation
    if (this.#changes.length === 0) return []
    await this.tx
      .updateTable('conversations')
      .set({ last_seq: this.head, active_at: this.at })
      .where('id', '=', conversation_id)
      .execute()
    await this.tx
      .insertInto('changes')
      .values(this.#changes.map(({ frame: _, ...change }) => ({ ...change, conversation_id, at: this.at })))
      .execute()
    await insertOutbox(this.tx, conversation_id, this.at, this.#changes)
    return this.#changes.map(({ frame, ...change }) =>
      toEvent({ ...change, conversation_id, prev: change.seq - 1 }, frame)
    )
  }
}

/** Takes the row lock within a transaction of the caller's, who then calls `finish` and publishes. */
export async function lockLine(
  tx: Transaction<Database>,
  conversation_id: string
): Promise<ConversationLine> {
  const row = await tx
    .selectFrom('conversations')
    .selectAll()
    // The clock is read after the lock is held, so that times on one line do not run backwards.
    .where('id', '=', conversation_id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new ProblemError('not_found')
  const { rows } = await sql<{
    at: Date
  }>`select date_trunc('milliseconds', clock_timestamp()) as at`.execute(tx)
  return new ConversationLine(tx, row, rows[0]?.at ?? new Date())
}
