import type { Attachment } from '@parley/contracts'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { IconButton } from '../design/button.tsx'
import { focusedIn } from '../design/focus.ts'
import { Spinner } from '../design/spinner.tsx'
import { Download } from './file-card.tsx'
import { useFileUrl } from './file-url.ts'

interface Props {
  pictures: readonly Attachment[]
  first: number
  onClose(): void
}

/** The pictures of a message, one at a time and as large as there is room. Arrows turn the pages, Escape closes. */
export function Lightbox({ pictures, first, onClose }: Props) {
  const { t } = useStrings()
  const [at, setAt] = useState(first)
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = focusedIn(dialog)
    dialog.showModal()
    return () => {
      dialog.close()
      if (before?.isConnected) before.focus()
    }
  }, [])
  const picture = pictures[at]
  if (!picture) return null
  const turn = (by: number) => setAt((at + by + pictures.length) % pictures.length)
  const several = pictures.length > 1
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={t('messages.picture', { name: picture.name })}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        event.stopPropagation()
        const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (several && by) turn(rtl ? -by : by)
      }}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget || (target as Element).classList.contains('lightbox-stage')) onClose()
      }}
    >
      <header class="lightbox-head">
        <p class="lightbox-name">
          <bdi>{picture.name}</bdi>
          {several && (
            <span class="lightbox-at" aria-live="polite">
              {t('messages.pictureOf', { at: at + 1, n: pictures.length })}
            </span>
          )}
        </p>
        <Download attachment={picture} />
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </header>
      <div class="lightbox-stage">
        <Large key={picture.id} picture={picture} />
      </div>
      {several && (
        <>
          <IconButton
            class="lightbox-previous"
            icon="back"
            label={t('messages.previousPicture')}
            onClick={() => turn(-1)}
          />
          <IconButton
            class="lightbox-next"
            icon="chevron-end"
            label={t('messages.nextPicture')}
            onClick={() => turn(1)}
          />
        </>
      )}
    </dialog>
  )
}

/** In its size from the beginning, small until it is there. */
function Large({ picture }: { picture: Attachment }) {
  const { t } = useStrings()
  const { url, failed } = useFileUrl(picture.id, 'file')
  const [state, setState] = useState<'loading' | 'there' | 'broken'>('loading')
  const { name, width = 1, height = 1 } = picture
  if (failed || state === 'broken') return <p role="alert">{t('messages.fileFailed')}</p>
  return (
    <>
      {state === 'loading' && <Spinner label={t('common.loading')} />}
      {url && (
        <img
          src={url}
          alt={name}
          width={width}
          height={height}
          onLoad={() => setState('there')}
          onError={() => setState('broken')}
        />
      )}
    </>
  )
}
