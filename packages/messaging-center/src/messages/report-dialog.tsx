import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Field } from '../design/field.tsx'
import { errorText } from '../strings/error-text.ts'
import type { MessageDialogProps } from './message-dialogs.tsx'
import { MessageQuote } from './message-quote.tsx'

/** As the contracts have it, in code points; the field counts code units, of which there are no fewer. */
const REASON_LENGTH = 1_000

/** Tells the admins what is wrong with a message. */
export function ReportDialog({ message, onClose }: MessageDialogProps) {
  const { client, notify } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const send = async () => {
    if (reason.trim() === '') return setProblem(t('actions.reasonMissing'))
    setBusy(true)
    setProblem(undefined)
    try {
      const { conversation_id, id: message_id } = message
      const path = 'POST conversations/{conversation_id}/messages/{message_id}/reports/'
      await client.rest(path, { conversation_id, message_id, reason: reason.trim() })
      notify({ text: t('actions.reported') })
      onClose()
    } catch (error) {
      setProblem(errorText(strings, error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('actions.reportTitle')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <MessageQuote message={message} />
        <Field label={t('actions.reason')} hint={t('actions.reasonHint')} error={problem}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={REASON_LENGTH}
              dir="auto"
              autofocus
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {t('actions.report')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
