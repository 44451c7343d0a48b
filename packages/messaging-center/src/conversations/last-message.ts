import type { Attachment, Conversation, Message } from '@parley/contracts'
import type { Key, Strings } from '../strings/strings.ts'

/** Long bodies are cut long before the row ends. */
const SHOWN = 160

/** The last message in one line, without its marks; who said it stands before it where that is not plain. */
export function lastMessageText(
  { kind, last_message }: Pick<Conversation, 'kind' | 'last_message'>,
  me: string,
  strings: Pick<Strings, 't' | 'number'>
): string {
  const { t } = strings
  if (!last_message) return t('conversations.nothingYet')
  const text = messageLine(last_message, strings)
  const { sender } = last_message
  if (sender.id === me) return t('conversations.saidByMe', { text })
  return kind === 'direct' ? text : t('conversations.saidBy', { name: sender.display_name, text })
}

/** A message in one line: its words, else its files, else that it was deleted. */
export function messageLine(
  { body, deleted_at, attachments = [] }: Pick<Message, 'body' | 'deleted_at' | 'attachments'>,
  { t }: Pick<Strings, 't'>
): string {
  if (deleted_at) return t('conversations.messageDeleted')
  return plainLine(body ?? '') || filesText(attachments, t)
}

/** Without the marks of docs/features.md, and in one line. */
export function plainLine(body: string): string {
  return body
    .slice(0, 2 * SHOWN)
    .replaceAll(/^\s*(?:```|~~~)\w*$/gm, ' ')
    .replaceAll(/^\s*(?:>|-|\d+\.)\s+/gm, ' ')
    .replaceAll(/\*\*|~~|`/g, '')
    .replaceAll(/(?<!\S)\*(?=\S)|(?<=\S)\*(?!\S)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, SHOWN)
}

function filesText(files: readonly Attachment[], t: Strings['t']): string {
  const [first, ...others] = files
  if (!first) return ''
  if (others.length > 0) return t('conversations.files', { n: files.length })
  const kind = first.type.split('/', 1)[0] ?? ''
  const key: Key | undefined = kinds[kind]
  return key ? t(key) : first.name
}

const kinds: Record<string, Key> = {
  image: 'conversations.picture',
  video: 'conversations.video',
  audio: 'conversations.audio'
}
