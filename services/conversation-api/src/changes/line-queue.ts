import { ProblemError } from '@parley/contracts'

/** Mutations of one conversation that wait here at a time; beyond it the conversation is too busy. */
const MAX_WAITING = 500

/**
 * Lets one mutation of a conversation at a time into the database. The row lock would serialise them anyway, but each would hold
 * one of the pool's connections while it waits, until a busy conversation held them all.
 */
export class LineQueue {
  readonly #lines = new Map<string, { last: Promise<unknown>; waiting: number }>()

  /** Runs `work` after everything that came before it for this conversation. Throws `overloaded`, with retry_after_ms. */
  async run<T>(conversation_id: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(conversation_id) ?? { last: Promise.resolve(), waiting: 0 }
    if (line.waiting >= MAX_WAITING) throw new ProblemError('overloaded', { retry_after_ms: 1_000 })
    this.#lines.set(conversation_id, line)
    line.waiting++
    const result = line.last.then(work, work)
    line.last = result
    try {
      return await result
    } finally {
      if (--line.waiting === 0) this.#lines.delete(conversation_id)
    }
  }
}
