import type { Conversation, NewConversation as Wish, User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { intentKeys } from '../app/intent-keys.ts'
import { Button } from '../design/button.tsx'
import { Field } from '../design/field.tsx'
import { PersonPicker } from '../people/person-picker.tsx'
import { wishErrorText } from './conversation-errors.ts'
import { PublicChoice } from './public-choice.tsx'

/** As many as one request takes; more can be added afterwards. */
const MEMBERS_AT_ONCE = 200

/** A group that is yet to be made. */
export function NewGroup({ onDone }: { onDone: (conversation: Conversation) => void }) {
  const { client } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [keyOf] = useState(intentKeys)
  const [title, setTitle] = useState('')
  const [description, setDescription] = useState('')
  const [open, setOpen] = useState(false)
  const [members, setMembers] = useState<readonly User[]>([])
  const [busy, setBusy] = useState(false)
  const [untitled, setUntitled] = useState(false)
  const [error, setError] = useState<string>()

  const make = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const name = title.trim()
    setUntitled(!name)
    if (!name) return
    setBusy(true)
    setError(undefined)
    const about = description.trim()
    const wish: Wish = {
      kind: 'group',
      title: name,
      ...(about ? { description: about } : {}),
      ...(open ? { public: true } : {}),
      member_ids: members.map(({ id }) => id)
    }
    try {
      onDone(await client.rest('POST conversations/', wish, { key: keyOf(wish) }))
    } catch (cause) {
      setError(wishErrorText(strings, cause, members))
      setBusy(false)
    }
  }
  return (
    <form noValidate onSubmit={make}>
      <Field label={t('conversations.name')} error={untitled ? t('conversations.nameMissing') : undefined}>
        {(control) => (
          <input
            {...control}
            autofocus
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
            rows={2}
            maxLength={2000}
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        )}
      </Field>
      <PublicChoice value={open} onChange={setOpen} />
      <PersonPicker
        label={t('members.title')}
        chosen={members}
        onChoose={(user) => setMembers((before) => [...before, user])}
        onRemove={(user) => setMembers((before) => before.filter(({ id }) => id !== user.id))}
        unfit={() => (members.length < MEMBERS_AT_ONCE ? undefined : t('members.manyAtOnce'))}
      />
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      <div class="dialog-actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('conversations.create')}
        </Button>
      </div>
    </form>
  )
}
