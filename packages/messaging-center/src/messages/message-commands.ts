import type { Conversation, Message, User } from '@parley/contracts'

/** What can be done with a message, in the order in which it is offered. */
export const commandIds = [
  'react',
  'reply',
  'thread',
  'edit',
  'copyText',
  'copyLink',
  'forward',
  'pin',
  'unpin',
  'seen',
  'versions',
  'report',
  'delete'
] as const
export type CommandId = (typeof commandIds)[number]

/**
 * What somebody may do with a message: the rights of docs/features.md. The server decides; this is for what is offered. Of a
 * tombstone nothing is left but its thread.
 *
 * @example commandsFor(message, conversation, me).includes('edit')
 */
export function commandsFor(
  message: Message,
  { role }: Pick<Conversation, 'role'>,
  me: Pick<User, 'id'>
): readonly CommandId[] {
  const mine = message.sender.id === me.id
  const decides = role !== 'member'
  const may: Record<CommandId, boolean> = {
    react: true,
    reply: true,
    thread: true,
    edit: mine && !message.forwarded_from,
    copyText: Boolean(message.body),
    copyLink: true,
    forward: true,
    pin: message.pinned_at === undefined,
    unpin: message.pinned_at !== undefined,
    seen: true,
    versions: decides && message.edited_at !== null,
    report: !mine,
    delete: mine || decides
  }
  if (message.deleted_at !== null) return hasThread(message) ? ['thread'] : []
  return commandIds.filter((id) => may[id])
}

/** There is a thread that it begins, or stands in. */
function hasThread({ thread, thread_id }: Message): boolean {
  return thread_id !== undefined || (thread?.reply_count ?? 0) > 0
}
