import type { Attachment } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { fileSize } from '../strings/file-size.ts'
import { addressOf, saveFile } from './file-url.ts'

interface Props {
  attachment: Attachment
  tabIndex: number
  /** It should have been shown. */
  failed?: boolean
  onPlay?(): void
}

/** A file by its name, to be saved. */
export function FileCard({ attachment, tabIndex, failed = false, onPlay }: Props) {
  const strings = useStrings()
  const { t } = strings
  const { name, type, size } = attachment
  return (
    <div class="file">
      <span class="file-icon">
        <Icon name={type.startsWith('image/') ? 'image' : 'file'} />
      </span>
      <p class="file-words">
        <bdi class="file-name">{name}</bdi>
        <span class="file-facts">
          {failed ? t('messages.fileFailed') : `${kindOf(name, type)} · ${fileSize(size, strings)}`}
        </span>
      </p>
      {onPlay && (
        <IconButton icon="play" label={t('messages.play', { name })} tabIndex={tabIndex} onClick={onPlay} />
      )}
      <Download attachment={attachment} tabIndex={tabIndex} />
    </div>
  )
}

/** A link where the browser can fetch it, a button where only the client can. */
export function Download({ attachment, tabIndex }: { attachment: Attachment; tabIndex?: number }) {
  const { client, cookie, notify } = useCenter()
  const { t } = useStrings()
  const [busy, setBusy] = useState(false)
  const { id, name } = attachment
  const label = t('messages.download', { name })
  const save = async () => {
    setBusy(true)
    await saveFile(client, attachment).catch(() => notify({ text: t('messages.downloadFailed', { name }) }))
    setBusy(false)
  }
  if (!cookie)
    return <IconButton icon="download" label={label} tabIndex={tabIndex} aria-busy={busy} onClick={save} />
  return (
    <a
      class="icon-button"
      href={`${addressOf(id, 'file')}?download=true`}
      download={name}
      title={label}
      aria-label={label}
      tabIndex={tabIndex}
    >
      <Icon name="download" />
    </a>
  )
}

/** The end of its name, which people know better than types. */
function kindOf(name: string, type: string): string {
  const [, ending] = /\.(\w{1,8})$/.exec(name) ?? []
  return (ending ?? type.split('/').at(-1) ?? '').toUpperCase()
}
