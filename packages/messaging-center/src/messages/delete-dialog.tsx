import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { errorText } from '../strings/error-text.ts'
import type { MessageDialogProps } from './message-dialogs.tsx'
import { MessageQuote } from './message-quote.tsx'

/** Shows what will be gone, since nothing brings it back. */
export function DeleteDialog({ message, onClose }: MessageDialogProps) {
  const { client, me, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const mine = message.sender.id === me.id
  const remove = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await client.conversation(message.conversation_id).delete(message.id)
      announce(t('actions.deleted'))
      onClose()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('actions.deleteTitle')} onClose={onClose}>
      <MessageQuote message={message} />
      <p>{t(mine ? 'actions.deleteText' : 'actions.deleteOthersText')}</p>
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <div class="dialog-actions">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" busy={busy} onClick={remove} autofocus>
          {t('common.delete')}
        </Button>
      </div>
    </Dialog>
  )
}
