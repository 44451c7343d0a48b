import type { ServerFrames } from '@parley/contracts'
import type { WireFrame } from '../connection/transport.ts'
import { Line, type LineFrame } from './line.ts'

export interface LinesSetup {
  /** Everything that is new to the application, in order. */
  deliver(frame: LineFrame): void
  /** Something is missing: subscribe from the cursor. */
  subscribe(conversation_id: string, since: number | undefined): void
}

/** The number lines of all conversations. */
export class Lines {
  readonly #setup: LinesSetup
  readonly #lines = new Map<string, Line>()

  constructor(setup: LinesSetup, cursors: Readonly<Record<string, number>> = {}) {
    this.#setup = setup
    for (const [id, cursor] of Object.entries(cursors)) this.#lines.set(id, new Line(setup.deliver, cursor))
  }

  /** Up to where everything was handed on. */
  cursors(): Record<string, number> {
    return this.#numbers(({ delivered }) => delivered)
  }

  /** Up to where everything came. */
  reached(): Record<string, number> {
    return this.#numbers(({ cursor }) => cursor)
  }

  cursor(conversation_id: string): number | undefined {
    return this.#lines.get(conversation_id)?.cursor
  }

  /** A subscription to this conversation is being asked for. */
  asked(conversation_id: string): void {
    this.#line(conversation_id).asked()
  }

  /** What was asked for will not be answered. */
  unanswered(conversation_id: string): void {
    this.#line(conversation_id).forget()
  }

  ended(conversation_id: string): void {
    this.#lines.get(conversation_id)?.ended()
  }

  /** A new connection: what the last one did not answer never will be. */
  begin(): void {
    for (const line of this.#lines.values()) line.forget()
  }

  /** Begins a conversation anew, at another place. */
  reset(conversation_id: string, cursor?: number): void {
    this.#lines.set(conversation_id, new Line(this.#setup.deliver, cursor))
  }

  take(frame: WireFrame & LineFrame): void {
    this.#follow(frame.conversation_id, (line) => line.take(frame))
  }

  subscribed({ conversation_id, since, head }: ServerFrames['subscribed']): void {
    this.#follow(conversation_id, (line) => line.subscribed(since, head))
  }

  #numbers(of: (line: Line) => number | undefined): Record<string, number> {
    const all = [...this.#lines].map(([id, line]) => [id, of(line)] as const)
    return Object.fromEntries(all.filter((entry): entry is [string, number] => entry[1] !== undefined))
  }

  #follow(conversation_id: string, step: (line: Line) => string): void {
    const line = this.#line(conversation_id)
    if (step(line) === 'subscribe') this.#setup.subscribe(conversation_id, line.cursor)
  }

  #line(conversation_id: string): Line {
    const known = this.#lines.get(conversation_id)
    if (known) return known
    const line = new Line(this.#setup.deliver)
    this.#lines.set(conversation_id, line)
    return line
  }
}

/** True for what has a place on a number line, whatever its type. */
export function isDurable(frame: WireFrame): frame is WireFrame & LineFrame {
  return (
    typeof frame.seq === 'number' &&
    typeof frame.prev === 'number' &&
    typeof frame.conversation_id === 'string'
  )
}
