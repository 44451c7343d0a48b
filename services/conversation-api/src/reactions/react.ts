import { limits, ProblemError } from '@parley/contracts'
import type { LineContext } from '../changes/conversation-line.ts'
import { type Changed, changeMessage, type OnMessage, refuseDeleted } from '../messages/message-mutations.ts'
import { qualifiedEmoji } from './emoji.ts'
import { addReaction, removeReaction } from './reaction-store.ts'

/**
 * Adds or takes away one's reaction; already so changes nothing. Throws `not_found`, `message_deleted`, `emoji_full`,
 * `idempotency_conflict`.
 */
export function reactToMessage(
  context: LineContext,
  reaction: OnMessage & { emoji: string; on: boolean }
): Promise<Changed> {
  const { message_id, on } = reaction
  const emoji = qualifiedEmoji(reaction.emoji)
  const operation = on ? 'react' : 'unreact'
  return changeMessage(context, reaction, operation, { emoji }, async (line, { user_id }, message) => {
    refuseDeleted(message)
    const known = message.reactions.find((one) => one.emoji === emoji)
    if (on && !known && message.reactions.length >= limits.emoji_per_message)
      throw new ProblemError('emoji_full')
    const mine = { message_id, user_id, emoji }
    const changed = on ? await addReaction(line.tx, mine, line.at) : await removeReaction(line.tx, mine)
    if (!changed) return message.changed_seq
    const seq = line.next
    await line.tx.updateTable('messages').set({ changed_seq: seq }).where('id', '=', message_id).execute()
    const count = (known?.count ?? 0) + (on ? 1 : -1)
    return line.append('message.reacted', message_id, user_id, {
      type: 'reaction',
      message_id,
      emoji,
      user_id,
      on,
      count
    })
  })
}
