import type { Conversation, User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { wishErrorText } from '../conversations/conversation-errors.ts'
import { PersonPicker } from '../people/person-picker.tsx'

export interface AddMembersProps {
  conversation: Conversation
  onClose(): void
}

/** Adds people one by one; who could not be added stays in the field, with the reason. */
export function AddMembers({ conversation, onClose }: AddMembersProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [chosen, setChosen] = useState<readonly User[]>([])
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map())
  const without = (user: User) => (before: readonly User[]) => before.filter(({ id }) => id !== user.id)

  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy || chosen.length === 0) return
    setBusy(true)
    const problems = new Map<string, string>()
    for (const user of chosen) {
      try {
        await client.rest('POST conversations/{conversation_id}/members/', {
          conversation_id: conversation.id,
          user_id: user.id
        })
        announce(t('members.added', { name: user.display_name }))
        setChosen(without(user))
      } catch (error) {
        problems.set(user.id, wishErrorText(strings, error, [user]))
      }
    }
    setRefused(problems)
    setBusy(false)
    if (problems.size === 0) onClose()
  }
  const reasons = chosen.flatMap((user) => {
    const why = refused.get(user.id)
    return why ? [{ user, why }] : []
  })
  return (
    <Dialog title={t('members.add')} onClose={onClose}>
      <form noValidate onSubmit={add}>
        {conversation.public && <p>{t('members.addPublic')}</p>}
        <PersonPicker
          label={t('members.whom')}
          autofocus
          chosen={chosen}
          onChoose={(user) => setChosen((before) => [...before, user])}
          onRemove={(user) => setChosen(without(user))}
        />
        {reasons.length > 0 && (
          <ul class="form-error" role="alert">
            {reasons.map(({ user, why }) => (
              <li key={user.id}>
                <bdi>{user.display_name}</bdi>: {why}
              </li>
            ))}
          </ul>
        )}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={busy} aria-disabled={chosen.length === 0}>
            {t('members.addN', { n: chosen.length })}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
