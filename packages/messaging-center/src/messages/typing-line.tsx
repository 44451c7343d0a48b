import { typingStore } from '@parley/client/stores'
import { useMemo } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { useUsers } from './use-users.ts'

/** Who is writing. Its room is there always, so that nothing moves; it is not spoken: it comes and goes every few seconds. */
export function TypingLine({ conversation_id }: { conversation_id: string }) {
  const { client } = useCenter()
  const { t } = useStrings()
  const store = useMemo(() => typingStore(client, conversation_id), [client, conversation_id])
  const ids = useStore(store)
  const [one, other] = useUsers(ids.slice(0, 2))
  const text = () => {
    if (ids.length > 2) return t('messages.typingMany')
    if (one && other) return t('messages.typingTwo', { name: one.display_name, other: other.display_name })
    return one && t('messages.typingOne', { name: one.display_name })
  }
  return (
    <p class="typing-line">
      {ids.length > 0 && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{text()}</bdi>
        </>
      )}
    </p>
  )
}
