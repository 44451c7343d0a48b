import type { Attachment } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { lazy } from '../app/lazy.tsx'
import { useStrings } from '../app/context.ts'
import { FileCard } from './file-card.tsx'
import { Picture } from './picture.tsx'
import { Player } from './player.tsx'

const Lightbox = lazy(async () => (await import('./lightbox.tsx')).Lightbox)

interface Props {
  attachments: readonly Attachment[]
  tabIndex: number
}

/** The files of a message: pictures side by side, what can be played with its controls, everything else to be saved. */
export function AttachmentList({ attachments, tabIndex }: Props) {
  const { t } = useStrings()
  const [shown, setShown] = useState<number>()
  const pictures = attachments.filter(isPicture)
  const others = attachments.filter((one) => !isPicture(one))
  return (
    <div class="attachments" role="group" aria-label={t('messages.filesList')}>
      {pictures.length > 0 && (
        <div class={`pictures${pictures.length > 1 ? ' pictures-several' : ''}`}>
          {pictures.map((one, at) => (
            <Picture key={one.id} attachment={one} tabIndex={tabIndex} onOpen={() => setShown(at)} />
          ))}
        </div>
      )}
      {others.map((one) =>
        /^(?:video|audio)\//.test(one.type) ? (
          <Player key={one.id} attachment={one} tabIndex={tabIndex} />
        ) : (
          <FileCard key={one.id} attachment={one} tabIndex={tabIndex} />
        )
      )}
      {shown !== undefined && (
        <Lightbox pictures={pictures} first={shown} onClose={() => setShown(undefined)} />
      )}
    </div>
  )
}

function isPicture({ type, width, height }: Attachment): boolean {
  return type.startsWith('image/') && width !== undefined && height !== undefined
}
