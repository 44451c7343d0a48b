import type { Conversation, NewConversation as Wish, User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { intentKeys } from '../app/intent-keys.ts'
import { Dialog } from '../design/dialog.tsx'
import { Segments } from '../design/segments.tsx'
import { Spinner } from '../design/spinner.tsx'
import { PersonPicker } from '../people/person-picker.tsx'
import { wishErrorText } from './conversation-errors.ts'
import { NewGroup } from './new-group.tsx'

/** Begins a direct conversation, or a group, and goes there. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const { t } = useStrings()
  const { router } = useCenter()
  const [kind, setKind] = useState<'direct' | 'group'>('direct')
  const done = ({ id }: Conversation) => {
    onClose()
    router.go({ at: 'conversation', id })
  }
  return (
    <Dialog title={t('conversations.new')} onClose={onClose}>
      <Segments
        label={t('conversations.kind')}
        value={kind}
        options={[
          { value: 'direct', label: t('conversations.direct') },
          { value: 'group', label: t('conversations.group') }
        ]}
        onChange={setKind}
      />
      {kind === 'direct' ? <NewDirect onDone={done} /> : <NewGroup onDone={done} />}
    </Dialog>
  )
}

/** Whoever is picked is talked to at once: where there is a conversation already, it is that one. */
function NewDirect({ onDone }: { onDone: (conversation: Conversation) => void }) {
  const { client } = useCenter()
  const strings = useStrings()
  const [keyOf] = useState(intentKeys)
  const [opening, setOpening] = useState<User>()
  const [error, setError] = useState<string>()
  const open = async (user: User) => {
    if (opening) return
    setOpening(user)
    setError(undefined)
    const wish: Wish = { kind: 'direct', member_ids: [user.id] }
    try {
      onDone(await client.rest('POST conversations/', wish, { key: keyOf(wish) }))
    } catch (cause) {
      setError(wishErrorText(strings, cause, [user]))
      setOpening(undefined)
    }
  }
  return (
    <>
      <PersonPicker label={strings.t('conversations.with')} autofocus onChoose={open} />
      {opening && <Spinner label={strings.t('common.loading')} />}
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
    </>
  )
}
