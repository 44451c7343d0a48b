import { useStrings } from '../app/context.ts'
import { Icon } from '../design/icon.tsx'

/** How many of the others have read it. */
export interface Readers {
  by: number
  of: number
}

/** How far a message of mine got: it is stored, or has been read. */
export function ReadMark({ readers }: { readers?: Readers }) {
  const { t } = useStrings()
  if (!readers) return null
  const { by, of } = readers
  const isRead = by > 0 && by === of
  const text =
    by === 0
      ? t('messages.stored')
      : isRead
        ? t(of === 1 ? 'messages.read' : 'messages.readByAll')
        : t('messages.readBySome', { n: by, total: of })
  return (
    <span class={`message-read${isRead ? ' message-read-all' : ''}`} title={text}>
      <Icon name={by > 0 ? 'check-double' : 'check'} />
      <span class="unseen">{text}</span>
    </span>
  )
}
