import { limits, ProblemError } from '@parley/contracts'
import type { LineContext } from '../changes/conversation-line.ts'
import { type Changed, changeMessage, type OnMessage, refuseDeleted } from './message-mutations.ts'
import { loadMessage } from './message-store.ts'
import { countPins, setPinned } from './pin-store.ts'

/**
 * Pins a message to its conversation, or takes the pin out; already so changes nothing. Any member may. Throws `not_found`,
 * `message_deleted`, `pins_full`, `idempotency_conflict`.
 */
export function pinMessage(context: LineContext, pin: OnMessage & { on: boolean }): Promise<Changed> {
  const { message_id, conversation_id, on } = pin
  return changeMessage(context, pin, on ? 'pin' : 'unpin', undefined, async (line, caller, message) => {
    refuseDeleted(message)
    if (on === (message.pinned_at !== undefined)) return message.changed_seq
    if (on && (await countPins(line.tx, conversation_id)) >= limits.pins_per_conversation)
      throw new ProblemError('pins_full')
    await setPinned(line.tx, message_id, { pinned_at: on ? line.at : null, changed_seq: line.next })
    // Whole, as an edit is: who replays the line gets nothing else.
    return line.append(on ? 'message.pinned' : 'message.unpinned', message_id, caller.user_id, {
      type: 'message_edited',
      message: await loadMessage(line.tx, message_id)
    })
  })
}
