import type { Conversation, Message, User } from '@parley/contracts'

/** Whether this is to be told of: as the server decides it for pushes. */
export function tellsOf(
  message: Message,
  { mute, read_seq }: Conversation,
  me: User,
  blocked: readonly User[]
): boolean {
  if (message.sender.id === me.id || message.deleted_at !== null || message.seq <= read_seq) return false
  if (blocked.some(({ id }) => id === message.sender.id)) return false
  const muted = mute !== undefined && (mute.until === null || Date.parse(mute.until) > Date.now())
  if (!muted) return true
  return mute.keep === 'mentions' && (message.mentions ?? []).includes(me.id)
}
