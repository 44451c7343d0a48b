import type { Message } from '@parley/contracts'
import { useCenter, useStrings } from '../app/context.ts'
import { Icon } from '../design/icon.tsx'
import { errorText } from '../strings/error-text.ts'

type Source = NonNullable<Message['forwarded_from']>

/** Whose words they are; leads to where they were said, for those who may see it. */
export function ForwardedFrom({ source, tabIndex }: { source: Source; tabIndex: number }) {
  const { client, router, notify } = useCenter()
  const strings = useStrings()
  const { conversation_id, message_id, sender } = source
  const label = strings.t('messages.forwardedFrom', { name: sender.display_name })
  const open = async (from: string) => {
    try {
      const path = 'GET conversations/{conversation_id}/messages/{message_id}/'
      const { seq, thread_id } = await client.rest(path, { conversation_id: from, message_id })
      router.go({ at: 'conversation', id: from, message: seq, ...(thread_id ? { thread: thread_id } : {}) })
    } catch (error) {
      notify({ text: errorText(strings, error) })
    }
  }
  if (conversation_id === undefined)
    return (
      <p class="message-note">
        <Icon name="forward" />
        <bdi>{label}</bdi>
      </p>
    )
  return (
    <button
      type="button"
      class="message-note"
      tabIndex={tabIndex}
      title={strings.t('messages.forwardedOpen')}
      onClick={() => void open(conversation_id)}
    >
      <Icon name="forward" />
      <bdi>{label}</bdi>
    </button>
  )
}
