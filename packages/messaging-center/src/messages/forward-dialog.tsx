import type { Conversation } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { intentKeys } from '../app/intent-keys.ts'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Icon } from '../design/icon.tsx'
import { EmptyState } from '../design/states.tsx'
import { nameOf } from '../conversations/conversation-name.ts'
import { bestFit } from '../people/name-match.ts'
import { errorText } from '../strings/error-text.ts'
import type { MessageDialogProps } from './message-dialogs.tsx'
import { MessageQuote } from './message-quote.tsx'

/** Sends a copy of a message to any of my conversations, each for itself; the dialog stays for another one. */
export function ForwardDialog({ message, onClose }: MessageDialogProps) {
  const strings = useStrings()
  const { t } = strings
  const { conversations } = useCenter()
  const { items } = useStore(conversations)
  const nameHere = (conversation: Conversation) => nameOf(conversation, strings)
  const [typed, setTyped] = useState('')
  const [keyOf] = useState(intentKeys)
  const found = items
    .map((conversation) => ({ conversation, fit: bestFit(typed, namesOf(conversation, nameHere)) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((one, other) => other.fit - one.fit)
  return (
    <Dialog title={t('actions.forwardTitle')} onClose={onClose}>
      <MessageQuote message={message} />
      <input
        class="field-control"
        type="text"
        role="searchbox"
        enterkeyhint="search"
        autocomplete="off"
        autofocus
        aria-label={t('actions.forwardFilter')}
        placeholder={t('actions.forwardFilter')}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <ul class="forward-list">
        {found.map(({ conversation }) => (
          <ForwardTo
            key={conversation.id}
            message={message}
            conversation={conversation}
            name={nameHere(conversation)}
            keyOf={keyOf}
          />
        ))}
      </ul>
      {found.length === 0 && <EmptyState icon="search" title={t('actions.forwardNone')} />}
    </Dialog>
  )
}

interface ForwardToProps extends Pick<MessageDialogProps, 'message'> {
  conversation: Conversation
  name: string
  keyOf(intent: unknown): string
}

function ForwardTo({ message, conversation, name, keyOf }: ForwardToProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [state, setState] = useState<'ready' | 'busy' | 'done'>('ready')
  const [error, setError] = useState<unknown>()
  const face = conversation.peer ?? { id: conversation.id, display_name: name }
  const forward = async () => {
    if (state !== 'ready') return
    setState('busy')
    setError(undefined)
    const from = { conversation_id: message.conversation_id, message_id: message.id }
    const wanted = { conversation_id: conversation.id, from }
    try {
      await client.rest('POST conversations/{conversation_id}/forwards/', wanted, { key: keyOf(wanted) })
      announce(t('actions.forwarded', { name }))
      setState('done')
    } catch (cause) {
      setError(cause)
      setState('ready')
    }
  }
  return (
    <li class="forward-to">
      <Avatar user={face} size="small" group={conversation.kind === 'group'} />
      <span class="forward-name">
        <bdi>{name}</bdi>
        {error !== undefined && (
          <span class="field-error" role="alert">
            {errorText(strings, error)}
          </span>
        )}
      </span>
      {state === 'done' ? (
        <span class="forward-done">
          <Icon name="check" />
          {t('actions.forwardedHere')}
        </span>
      ) : (
        <Button busy={state === 'busy'} onClick={forward} aria-label={t('actions.forwardTo', { name })}>
          {t('actions.forwardHere')}
        </Button>
      )}
    </li>
  )
}

function namesOf(conversation: Conversation, nameOf: (conversation: Conversation) => string): string[] {
  return [nameOf(conversation), ...(conversation.peer ? [conversation.peer.username] : [])]
}
