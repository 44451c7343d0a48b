import type { Message } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'

export interface EditInUse {
  /** The message that is being edited, if one is. */
  message: Message | undefined
  body: string
  setBody(body: string): void
  saving: boolean
  /** Why it could not be saved; the text stays. */
  error: unknown
  save(): Promise<void>
  cancel(): void
}

/** A message's text while it is being changed. */
export function useEdit(): EditInUse {
  const { client, announce } = useCenter()
  const { t } = useStrings()
  const { conversation, editing: message, edit } = usePane()
  const [edited, setEdited] = useState<{ id: string; body: string }>()
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const body = edited && edited.id === message?.id ? edited.body : (message?.body ?? '')
  useEffect(() => {
    setEdited(undefined)
    setError(undefined)
  }, [message?.id])

  return {
    message,
    body,
    setBody(text) {
      if (message) setEdited({ id: message.id, body: text })
      setError(undefined)
    },
    saving,
    error,
    async save() {
      if (!message || saving) return
      if (body === message.body) return edit(undefined)
      setSaving(true)
      setError(undefined)
      try {
        await client.conversation(conversation.id).edit(message.id, body)
        announce(t('composer.saved'))
        edit(undefined)
      } catch (cause) {
        setError(cause)
      } finally {
        setSaving(false)
      }
    },
    cancel: () => edit(undefined)
  }
}
