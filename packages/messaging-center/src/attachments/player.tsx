import type { Attachment } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { FileCard } from './file-card.tsx'
import { useFileUrl } from './file-url.ts'

/** A video or a recording. What this browser cannot play can still be saved. */
export function Player({ attachment, tabIndex }: { attachment: Attachment; tabIndex: number }) {
  const { cookie } = useCenter()
  const [broken, setBroken] = useState(false)
  // Where all of it has to be fetched first, that is not done before somebody wants it.
  const [wanted, setWanted] = useState(cookie)
  const { url, failed } = useFileUrl(attachment.id, 'file', wanted)
  const card = <FileCard attachment={attachment} tabIndex={tabIndex} failed={broken || failed} />
  if (broken || failed) return card
  if (!wanted) return <FileCard attachment={attachment} tabIndex={tabIndex} onPlay={() => setWanted(true)} />
  const controls = {
    src: url,
    controls: true,
    preload: 'metadata',
    tabIndex,
    onError: () => setBroken(true)
  } as const
  if (attachment.type.startsWith('audio/'))
    return (
      <figure class="recording">
        <audio {...controls} aria-label={attachment.name} />
        {card}
      </figure>
    )
  return <video {...controls} class="video" aria-label={attachment.name} playsInline />
}
