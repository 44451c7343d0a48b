import { useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { errorText } from '../strings/error-text.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export interface ConfirmDialogProps {
  title: string
  text: string
  /** What is done, on its button. */
  confirm: string
  danger?: boolean
  /** Closes when it is done; what goes wrong is shown here. */
  onConfirm(): Promise<unknown>
  onClose(): void
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  text,
  confirm,
  danger = false,
  onConfirm,
  onClose
}: ConfirmDialogProps) {
  const strings = useStrings()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <p dir="auto">{text}</p>
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <div class="dialog-actions">
        <Button onClick={onClose}>{strings.t('common.cancel')}</Button>
        <Button look={danger ? 'danger' : 'primary'} busy={busy} onClick={run}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  )
}
