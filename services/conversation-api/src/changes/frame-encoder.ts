import type { DurableEvent } from '@parley/contracts'
import type { FrameBody } from './conversation-line.ts'

/** The one place where a durable frame becomes bytes: from here to the sockets they are only copied. */
export function toEvent(event: Omit<DurableEvent, 'frame'>, body: FrameBody): DurableEvent {
  const { conversation_id, seq, prev } = event
  const { type, ...rest } = body
  return { ...event, frame: Buffer.from(JSON.stringify({ type, conversation_id, seq, prev, ...rest })) }
}
