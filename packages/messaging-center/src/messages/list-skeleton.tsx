import { Spinner } from '../design/spinner.tsx'
import { useStrings } from '../app/context.ts'

/** Lengths of lines, in the pattern of people who talk. */
const lines = [62, 38, 80, 24, 54, 70, 33, 48]

/** Where messages will be. */
export function ListSkeleton() {
  const { t } = useStrings()
  return (
    <div class="message-skeleton">
      <span class="unseen">
        <Spinner label={t('common.loading')} />
      </span>
      {lines.map((width, at) => (
        <div key={at} class="message" aria-hidden="true">
          <div class="message-side">
            <div class="skeleton message-skeleton-face" />
          </div>
          <div class="message-main">
            <div class="skeleton message-skeleton-name" />
            <div class="skeleton message-skeleton-text" style={{ inlineSize: `${width}%` }} />
          </div>
        </div>
      ))}
    </div>
  )
}
