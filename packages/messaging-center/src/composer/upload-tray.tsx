import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { errorText } from '../strings/error-text.ts'
import { fileSize } from '../strings/file-size.ts'
import type { Upload, Uploads } from './uploads.ts'

/** The files that go with the message: what they are, how far they are, and what went wrong with them. */
export function UploadTray({ uploads }: { uploads: Uploads }) {
  const { t } = useStrings()
  const items = useStore(uploads)
  if (items.length === 0) return null
  return (
    <ul class="composer-files" aria-label={t('composer.files')}>
      {items.map((item) => (
        <UploadRow key={item.key} item={item} uploads={uploads} />
      ))}
    </ul>
  )
}

function UploadRow({ item, uploads }: { item: Upload; uploads: Uploads }) {
  const { announce } = useCenter()
  const { t } = useStrings()
  const { key, name, state, preview } = item
  const remove = (event: MouseEvent) => {
    // The focus would be lost with the button.
    const form = (event.currentTarget as Element).closest('form')
    uploads.remove(key)
    announce(t('composer.fileRemoved', { name }))
    form?.querySelector('textarea')?.focus()
  }
  return (
    <li class={`composer-file composer-file-${state}`}>
      {preview ? (
        <img class="composer-file-picture" src={preview} alt="" />
      ) : (
        <span class="composer-file-picture">
          <Icon name={item.type.startsWith('image/') ? 'image' : 'file'} />
        </span>
      )}
      <span class="composer-file-facts">
        <bdi class="composer-file-name" title={name}>
          {name}
        </bdi>
        <UploadState item={item} />
      </span>
      {state === 'failed' && canRetry(item.error) && (
        <IconButton
          icon="refresh"
          label={t('composer.fileRetry', { name })}
          onClick={() => uploads.retry(key)}
        />
      )}
      <IconButton icon="close" label={t('composer.fileRemove', { name })} onClick={remove} />
    </li>
  )
}

function UploadState({ item: { key, name, size, state, progress, error } }: { item: Upload }) {
  const strings = useStrings()
  if (state === 'failed')
    return (
      <span class="composer-file-error" role="alert">
        {errorText(strings, error)}
      </span>
    )
  if (state === 'done') return <span class="composer-file-size">{fileSize(size, strings)}</span>
  return (
    <progress
      class="composer-file-progress"
      id={key}
      max={1}
      value={progress}
      aria-label={strings.t('composer.fileProgress', { name })}
    />
  )
}

/** Types, sizes and quotas stay what they are. */
function canRetry(error: unknown): boolean {
  return error instanceof Error && 'temporary' in error && error.temporary === true
}
