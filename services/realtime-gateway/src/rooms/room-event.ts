import {
  type DurableEvent,
  durableFrames,
  type EventKind,
  type Id,
  type ServerFrames,
  validator
} from '@parley/contracts'
import { encodeTextFrame, textOf } from '../connection/text-frame.ts'
import type { Dialect, Rendering } from './dialect.ts'

/** An event as a room keeps it: with what it looks like in each dialect, rendered when first asked for. */
export class RoomEvent {
  readonly seq: number
  readonly prev: number
  readonly kind: EventKind
  readonly subject_id: Id
  readonly actor_id: Id
  /** The frame as one finished WebSocket frame. A copy: the bytes that came hold everything they came with in memory. */
  readonly wire: Buffer
  readonly #renderings = new Map<string, Rendering | null>()
  #parsed: MessageFrame | null | undefined

  constructor(event: DurableEvent) {
    this.seq = event.seq
    this.prev = event.prev
    this.kind = event.kind
    this.subject_id = event.subject_id
    this.actor_id = event.actor_id
    this.wire = encodeTextFrame(event.frame)
  }

  get size(): number {
    return this.wire.length
  }

  /** The `parley.v1` frame. */
  get frame(): Buffer {
    return textOf(this.wire)
  }

  /** Null for anything but a message's frame: a poisoned doorbell stops nobody. Only dialects other than `parley.v1` pay for it. */
  get parsed(): MessageFrame | null {
    if (this.#parsed === undefined) this.#parsed = parseFrame(this.frame)
    return this.#parsed
  }

  /** The creation's seq of the message this event shows whole; undefined for any other event. */
  get message_seq(): number | undefined {
    if (this.kind === 'message.created') return this.seq
    return this.parsed?.type === 'message_edited' ? this.parsed.message.seq : undefined
  }

  in(dialect: Dialect, unseen = false): Rendering | null {
    const key = unseen ? `${dialect.name}, unseen` : dialect.name
    let rendering = this.#renderings.get(key)
    if (rendering === undefined) {
      rendering = dialect.render(this, unseen)
      this.#renderings.set(key, rendering)
    }
    return rendering
  }

  /** Why this event ends a subscription of `user`, whose membership was last checked at `judged_at`. */
  endsFor(user: Id, judged_at: number): 'not_a_member' | 'conversation_deleted' | undefined {
    if (this.kind === 'conversation.deleted') return 'conversation_deleted'
    if (this.kind === 'member.removed' && this.subject_id === user && this.seq > judged_at)
      return 'not_a_member'
    return undefined
  }
}

// The frames that other dialects have words for.
const isKnown = {
  message: validator(durableFrames.message),
  message_edited: validator(durableFrames.message_edited),
  message_deleted: validator(durableFrames.message_deleted)
}
type MessageFrame = ServerFrames[keyof typeof isKnown]

function parseFrame(bytes: Buffer): MessageFrame | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return Object.values(isKnown).some((matches) => matches(value)) ? (value as MessageFrame) : null
  } catch {
    return null
  }
}
