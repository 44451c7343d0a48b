import type { Id } from '../common/scalars.ts'
import { type EventKind, isEventKind } from './event-kinds.ts'

/**
 * A durable change on its way to the sockets. `frame` is the finished `parley.v1` frame: it is encoded once, by the api, and
 * only copied after that.
 */
export interface DurableEvent {
  conversation_id: Id
  seq: number
  /** The seq this one follows: `seq - 1` live, the row before it in a catch-up page. */
  prev: number
  kind: EventKind
  /** The message, the member's user, or the conversation. */
  subject_id: Id
  actor_id: Id
  /** Empty in a bare doorbell: what the outbox publishes late says only that something happened. */
  frame: Buffer
}

/**
 * On the bus (joined and with a checksum, see `joinEvents`) and between the services an event is one header line and the frame:
 * `seq prev kind conversation subject actor\n{"type":…}`. Frames never hold a raw line feed (JSON escapes it).
 */
export function encodeEvent(event: DurableEvent): Buffer {
  return Buffer.concat([Buffer.from(eventHeader(event), 'latin1'), event.frame])
}

/** The line before the frame, with its line feed: ASCII only. */
export function eventHeader(event: DurableEvent): string {
  return `${event.seq} ${event.prev} ${event.kind} ${event.conversation_id} ${event.subject_id} ${event.actor_id}\n`
}

/** Reads {@link encodeEvent}'s bytes without copying the frame; undefined for anything else, an unknown kind too. */
export function decodeEvent(bytes: Uint8Array): DurableEvent | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = buffer.indexOf(10)
  if (end < 0 || end > 300) return undefined
  const [seq, prev, kind, conversation_id, subject_id, actor_id, more] = buffer
    .toString('latin1', 0, end)
    .split(' ')
  const number = Number(seq)
  const before = Number(prev)
  if (!kind || !conversation_id || !subject_id || !actor_id || more !== undefined || !isEventKind(kind))
    return undefined
  if (!Number.isSafeInteger(number) || number < 1 || !Number.isSafeInteger(before) || before < 0)
    return undefined
  return {
    conversation_id,
    seq: number,
    prev: before,
    kind,
    subject_id,
    actor_id,
    frame: buffer.subarray(end + 1)
  }
}
