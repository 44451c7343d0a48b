import type { Conversation } from '@parley/contracts'
import type { Strings } from '../strings/strings.ts'

/** What a conversation is called: a group by its title, a direct one by the other. */
export function conversationName(
  { title, peer }: Pick<Conversation, 'title' | 'peer'>,
  { t }: Pick<Strings, 't'>
): string {
  return title ?? peer?.display_name ?? t('conversations.untitled')
}
