import { ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Logger } from 'pino'
import { endSessions } from '../accounts/session-store.ts'
import { announceEnded } from '../accounts/sign-in.ts'
import { type ConversationLine, type LineContext, lockLine } from '../changes/conversation-line.ts'
import { writeAudit } from './admin-store.ts'
import {
  beginErasure,
  conversationsOf,
  eraseMessages,
  eraseReactions,
  eraseUnseen,
  finishErasure,
  openErasures
} from './erasure-store.ts'

/** How often unfinished erasures are taken up, whoever began them. */
const RESUME_EVERY_MS = 60_000

/**
 * Shuts the account for good, at once on every device; {@link eraseTraces} does the rest, now or after a crash. Again changes
 * nothing. False where there is no such user.
 */
export async function requestErasure(
  { db, bus }: LineContext & { bus: EventBus },
  { user_id, actor_id }: { user_id: string; actor_id: string | null }
): Promise<boolean> {
  const ended = await db.transaction().execute(async (tx) => {
    if (!(await beginErasure(tx, user_id))) return undefined
    await writeAudit(tx, { actor_id, action: 'user.erase', user_id })
    return endSessions(tx, user_id)
  })
  if (ended) announceEnded(bus, ended)
  return ended !== undefined
}

/** Erases messages, reactions and files of a user, a batch at a time. May be interrupted, repeated, and done by several at once. */
export async function eraseTraces(context: LineContext, user_id: string): Promise<void> {
  for (const { id, deleted } of await conversationsOf(context.db, user_id)) {
    if (deleted) await eraseUnseen(context.db, user_id, id)
    else await eraseSeen(context, user_id, id)
  }
  await finishErasure(context.db, user_id)
}

async function eraseSeen(context: LineContext, user_id: string, conversation_id: string): Promise<void> {
  try {
    let batch = { more: true, seq: 0 }
    while (batch.more) {
      const { seq } = batch
      batch = await onLine(context, conversation_id, (line) => eraseMessages(line, user_id, seq))
    }
    while (await onLine(context, conversation_id, (line) => eraseReactions(line, user_id)));
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'not_found')) throw error
    // It was deleted in between.
    await eraseUnseen(context.db, user_id, conversation_id)
  }
}

async function onLine<R>(
  { db, lines, relay }: LineContext,
  conversation_id: string,
  work: (line: ConversationLine) => Promise<R>
): Promise<R> {
  const transaction = db.transaction()
  const { result, events } = await lines.run(conversation_id, () =>
    transaction.execute(async (tx) => {
      const line = await lockLine(tx, conversation_id)
      return { result: await work(line), events: await line.finish() }
    })
  )
  relay.push(events)
  return result
}

/** Carries out erasures, also those that a crash interrupted. Every instance runs one. */
export class ErasureRunner {
  readonly #context: LineContext
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> = Promise.resolve()
  #running = false

  constructor(context: LineContext, logger: Logger) {
    this.#context = context
    this.#logger = logger
  }

  start(): void {
    this.#running = true
    this.#schedule(0)
  }

  /** Does not wait for its turn. */
  wake(): void {
    this.#schedule(0)
  }

  async resume(): Promise<void> {
    for (const user_id of await openErasures(this.#context.db)) {
      if (!this.#running) return
      await eraseTraces(this.#context, user_id)
    }
  }

  #schedule(ms: number): void {
    if (!this.#running) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#run = this.#run
        .then(() => this.resume())
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'erasure.failed'))
        .then(() => this.#schedule(RESUME_EVERY_MS))
    }, ms)
  }

  /** Resolves after the batch at hand; the rest is taken up by the next start. */
  async close(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    await this.#run
  }
}
