import type { Message } from '@parley/contracts'
import type { Panel, Route } from '../app/route.ts'

/**
 * Where a message is: in its conversation, or in its thread. The panel stays open where it is beside the conversation and not in its
 * place; a thread takes its place.
 */
export function messageRoute(
  { conversation_id, seq, thread_id }: Pick<Message, 'conversation_id' | 'seq' | 'thread_id'>,
  panel?: Panel
): Route {
  const at = { at: 'conversation', id: conversation_id, message: seq } as const
  if (thread_id) return { ...at, thread: thread_id }
  return panel && isBeside() ? { ...at, panel } : at
}

const isBeside = () => matchMedia('(min-width: 72rem)').matches
