import type { Conversation } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Field } from '../design/field.tsx'
import { mayDo } from '../members/may-do.ts'
import { conversationEdit } from './conversation-edit.ts'
import { wishErrorText } from './conversation-errors.ts'
import { PublicChoice } from './public-choice.tsx'

export interface ConversationDialogProps {
  conversation: Conversation
  onClose: () => void
}

/** A group's title and description, for owners and admins; whether it is public, for owners. */
export function EditConversation({ conversation, onClose }: ConversationDialogProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  // What was there when it was opened: only what was changed here is sent, whatever others change meanwhile.
  const [before] = useState(conversation)
  const [title, setTitle] = useState(before.title ?? '')
  const [description, setDescription] = useState(before.description ?? '')
  const [open, setOpen] = useState(before.public ?? false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const edit = conversationEdit(before, { title, description, public: open })
    if (!edit) return onClose()
    setBusy(true)
    setError(undefined)
    try {
      await client.rest('PATCH conversations/{conversation_id}/', { conversation_id: before.id, ...edit })
      announce(t('conversations.edited'))
      onClose()
    } catch (cause) {
      setError(wishErrorText(strings, cause, []))
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('conversations.edit')} onClose={onClose}>
      <form noValidate onSubmit={save}>
        <Field label={t('conversations.name')}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              maxLength={200}
              autocomplete="off"
              value={title}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('conversations.description')} hint={t('conversations.optional')}>
          {(control) => (
            <textarea
              {...control}
              dir="auto"
              rows={4}
              maxLength={2000}
              value={description}
              onInput={(event) => setDescription(event.currentTarget.value)}
            />
          )}
        </Field>
        {mayDo('publish', conversation) && <PublicChoice value={open} onChange={setOpen} />}
        {error && (
          <p class="form-error" role="alert">
            {error}
          </p>
        )}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
