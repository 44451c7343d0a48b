import type { Message } from '@parley/contracts'
import { Intervals } from './intervals.ts'

/** Any frame on the number line, of types this version does not know, too. */
export interface LineFrame {
  type: string
  conversation_id: string
  seq: number
  prev: number
  message?: Message
}

/** What to do next: `subscribe` from the cursor, because something is missing. */
export type Verdict = 'dropped' | 'taken' | 'subscribe'

/**
 * One conversation's number line as this client has seen it: rule DLV-1 of docs/protocol.md. Hands on each frame once, and each
 * message once as new: as `message`, whatever has happened to it since. New messages come in the order of their seq: a replay leaves
 * out a row that changed again and brings it further on, so from such a hole on everything is held back until the replay is complete.
 *
 * @example
 * const line = new Line((frame) => emit(frame.type, frame))
 * if (line.take(frame) === 'subscribe') { line.asked(); send({ type: 'subscribe', conversation_id, since: line.cursor }) }
 */
export class Line {
  #cursor: number | undefined
  #delivered: number | undefined
  readonly #deliver: (frame: LineFrame) => void
  /** Seqs below the cursor that nothing has come for: a message created there is still to come. */
  readonly #holes = new Intervals()
  #held: { frame: LineFrame; place: number }[] = []
  /** Subscriptions that were asked for and not yet answered. */
  #asked = 0

  constructor(deliver: (frame: LineFrame) => void, cursor?: number) {
    this.#deliver = deliver
    this.#cursor = cursor
  }

  /** Everything up to here has been taken; undefined until the first subscription is answered. */
  get cursor(): number | undefined {
    return this.#cursor
  }

  /** Up to here everything has been handed on: where another client of the same application begins. */
  get delivered(): number | undefined {
    return this.#held.length > 0 ? this.#delivered : this.#cursor
  }

  /** A subscription was asked for: until it is answered no other is needed. */
  asked(): void {
    this.#asked++
  }

  /** The connection that would have answered is gone. */
  forget(): void {
    this.#asked = 0
  }

  take(frame: LineFrame): Verdict {
    // A conversation one was just added to begins with its first frame.
    const cursor = (this.#cursor ??= frame.prev)
    if (frame.seq <= cursor) return 'dropped'
    if (frame.prev > cursor) return this.#ask('dropped')
    this.#holes.add(cursor + 1, frame.seq - 1)
    this.#cursor = frame.seq
    const { message } = frame
    const isNew = message !== undefined && (message.seq === frame.seq || this.#holes.take(message.seq))
    if (this.#held.length === 0) this.#delivered = cursor
    if (!isNew) this.#held.push({ frame, place: frame.seq })
    else this.#held.push({ frame: { ...frame, type: 'message' }, place: message.seq })
    if (!this.#holes.isEmpty) return this.#ask('taken')
    this.#release()
    return 'taken'
  }

  /** `subscribed {since, head}`: if it began at or before the cursor, everything up to `head` has come. */
  subscribed(since: number, head: number): Verdict {
    this.#asked = Math.max(0, this.#asked - 1)
    const cursor = (this.#cursor ??= head)
    if (since > cursor) return this.#ask('dropped')
    this.#cursor = Math.max(cursor, head)
    this.#holes.clear()
    this.#release()
    return 'taken'
  }

  /**
   * It is not followed any more. What was held back is given up, and a later subscription goes on before it: whoever comes back then
   * gets it in order, with what it waited for.
   */
  ended(): void {
    this.#cursor = this.delivered
    this.#held = []
    this.#holes.clear()
  }

  #ask(otherwise: Verdict): Verdict {
    return this.#asked > 0 ? otherwise : 'subscribe'
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const { frame } of held.toSorted((one, other) => one.place - other.place)) this.#deliver(frame)
  }
}
