import type { Conversation } from '@parley/contracts'
import type { Strings } from '../strings/strings.ts'

/** What it is called: a group by its title, a direct conversation by the other one. */
export function nameOf(
  { kind, title, peer }: Pick<Conversation, 'kind' | 'title' | 'peer'>,
  { t }: Pick<Strings, 't'>
): string {
  if (kind === 'direct') return peer?.display_name ?? t('conversations.direct')
  return title ?? t('conversations.untitled')
}
