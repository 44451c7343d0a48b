import { isTemporary, type ProblemError, type ServerFrames } from '@parley/contracts'
import type { ErrorContext, Ref } from '../connection/protocol.ts'
import type { Subscription } from '../rooms/subscription.ts'

/** The answer to a subscription; its membership is known by then. */
export function subscribedFrame({
  room,
  wish,
  cursor,
  membership
}: Subscription): ServerFrames['subscribed'] | undefined {
  if (!membership) return undefined
  const { head, role, read_seq } = membership
  return {
    type: 'subscribed',
    ...refOf(wish.ref),
    conversation_id: room.id,
    // Where it began: a client whose cursor is lower has not seen everything up to the head.
    since: wish.since ?? head,
    head: cursor,
    role,
    read_seq
  }
}

export function errorFrame(error: ProblemError, context: ErrorContext = {}): ServerFrames['error'] {
  const { title, detail, head } = error.toProblem()
  const { retry_after_ms } = error.extras
  return {
    type: 'error',
    ...refOf(context.ref),
    ...(context.conversation_id === undefined ? {} : { conversation_id: context.conversation_id }),
    code: error.code,
    title,
    ...(detail ? { detail } : {}),
    temporary: isTemporary(error.code),
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
    ...(head === undefined ? {} : { head })
  }
}

export function refOf(ref: Ref): { ref?: string | number } {
  return ref === undefined ? {} : { ref }
}
