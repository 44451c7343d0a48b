import type { Message } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { errorText } from '../strings/error-text.ts'
import { useList } from './list-context.ts'
import { type Wanted, withoutDone, withWanted } from './wanted-reactions.ts'

/** The reactions to a message; a press adds mine or takes it back, which is shown before it is done. */
export function ReactionChips({ message, tabIndex }: { message: Message; tabIndex: number }) {
  const { client, notify } = useCenter()
  const strings = useStrings()
  const { conversation_id } = useList()
  const [wanted, setWanted] = useState<Wanted>({})
  const { id, reactions } = message
  useEffect(() => setWanted((before) => withoutDone(before, reactions)), [reactions])
  const toggle = async (emoji: string, on: boolean) => {
    setWanted((before) => ({ ...before, [emoji]: on }))
    try {
      const conversation = client.conversation(conversation_id)
      await (on ? conversation.react(id, emoji) : conversation.unreact(id, emoji))
    } catch (error) {
      setWanted(({ [emoji]: _, ...others }) => others)
      notify({ text: errorText(strings, error) })
    }
  }
  if (reactions.length === 0) return null
  return (
    <ul class="reactions" aria-label={strings.t('messages.reactions')}>
      {withWanted(reactions, wanted).map(({ emoji, count, me = false }) => (
        <li key={emoji}>
          <button
            type="button"
            class="chip reaction"
            tabIndex={tabIndex}
            aria-pressed={me}
            aria-label={strings.t('messages.reaction', { emoji, n: count })}
            onClick={() => void toggle(emoji, !me)}
          >
            <span class="reaction-emoji">{emoji}</span>
            <span class="reaction-count">{strings.number(count)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
