import type { Conversation, ConversationEdit } from '@parley/contracts'

/** What is to be changed, if anything: emptied texts are taken away. */
export function conversationEdit(
  before: Pick<Conversation, 'title' | 'description' | 'public'>,
  now: { title: string; description: string; public: boolean }
): ConversationEdit | undefined {
  const title = now.title.trim() || null
  const description = now.description.trim() || null
  const edit: ConversationEdit = {
    ...(title === before.title ? {} : { title }),
    ...(description === (before.description ?? null) ? {} : { description }),
    ...(now.public === (before.public ?? false) ? {} : { public: now.public })
  }
  return Object.keys(edit).length > 0 ? edit : undefined
}
