import type { Attachment } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { FileCard } from './file-card.tsx'
import { useFileUrl } from './file-url.ts'

interface Props {
  attachment: Attachment
  tabIndex: number
  onOpen(): void
}

/** A picture in its place, which it has before it is there; a press shows it large. */
export function Picture({ attachment, tabIndex, onOpen }: Props) {
  const { t } = useStrings()
  const [broken, setBroken] = useState(false)
  const { id, name, width = 1, height = 1, thumbnail } = attachment
  const { url, failed } = useFileUrl(id, thumbnail ? 'thumbnail' : 'file')
  if (broken || failed) return <FileCard attachment={attachment} tabIndex={tabIndex} failed />
  return (
    <button
      type="button"
      class="picture"
      tabIndex={tabIndex}
      aria-label={t('messages.openPicture', { name })}
      style={{ '--ratio': ratioOf(width, height), '--width': `${width}px` }}
      onClick={onOpen}
    >
      {url && <img src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />}
    </button>
  )
}

/** Very long or very high ones show their middle. */
function ratioOf(width: number, height: number): number {
  return Math.min(4, Math.max(0.4, width / height))
}
