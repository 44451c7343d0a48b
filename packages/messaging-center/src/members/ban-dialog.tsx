import type { Conversation, User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Field } from '../design/field.tsx'
import { errorText } from '../strings/error-text.ts'
import { type BanTerm, banEnd, banTerms, localMinute } from './ban-terms.ts'

export interface BanDialogProps {
  conversation: Conversation
  user: User
  onClose(): void
}

/** Keeps somebody out of a group, for a time or for good. */
export function BanDialog({ conversation, user, onClose }: BanDialogProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [term, setTerm] = useState<BanTerm>('forever')
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const [error, setError] = useState<unknown>()
  const name = user.display_name
  const ban = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const expires_at = banEnd(term, until, new Date())
    setOver(expires_at === undefined)
    if (expires_at === undefined) return
    setBusy(true)
    setError(undefined)
    const why = reason.trim()
    try {
      await client.rest('PUT conversations/{conversation_id}/bans/{user_id}/', {
        conversation_id: conversation.id,
        user_id: user.id,
        expires_at,
        ...(why ? { reason: why } : {})
      })
      announce(t('members.banned', { name }))
      onClose()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('members.banTitle', { name })} onClose={onClose}>
      <form noValidate onSubmit={ban}>
        <p>{t('members.banText')}</p>
        <Field label={t('members.banTerm')}>
          {(control) => (
            <select
              {...control}
              value={term}
              onChange={(event) => setTerm(event.currentTarget.value as BanTerm)}
            >
              {banTerms.map((one) => (
                <option key={one} value={one}>
                  {t(`members.term_${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {term === 'until' && (
          <Field label={t('members.banUntil')} error={over ? t('members.banOver') : undefined}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                min={localMinute(new Date())}
                value={until}
                onInput={(event) => setUntil(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <Field label={t('members.banReason')} hint={t('members.banReasonHint')}>
          {(control) => (
            <textarea
              {...control}
              dir="auto"
              rows={2}
              maxLength={1000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        {error !== undefined && (
          <p class="form-error" role="alert">
            {errorText(strings, error)}
          </p>
        )}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="danger" busy={busy}>
            {t('members.ban')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
