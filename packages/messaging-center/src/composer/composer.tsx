import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'
import { pressedShortcut } from '../shortcuts/shortcuts.ts'

/** Where one writes, within a pane. */
export function Composer() {
  const { client } = useCenter()
  const { t } = useStrings()
  const pane = usePane()
  const [body, setBody] = useState('')
  const send = () => {
    if (body.trim() === '') return
    client.conversation(pane.conversation.id).send({
      body,
      ...(pane.replyingTo ? { reply_to_id: pane.replyingTo.id } : {}),
      ...(pane.thread_id ? { thread_id: pane.thread_id } : {})
    })
    setBody('')
    pane.replyTo(undefined)
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        class="composer-text"
        rows={1}
        dir="auto"
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder', { name: pane.conversation.title ?? '' })}
        value={body}
        onInput={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || pressedShortcut(event, 'composer') !== 'send') return
          event.preventDefault()
          send()
        }}
      />
    </form>
  )
}
