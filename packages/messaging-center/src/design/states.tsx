import type { ComponentChildren } from 'preact'
import { useStrings } from '../app/context.ts'
import { errorText } from '../strings/error-text.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export interface EmptyStateProps {
  title: string
  text?: string
  icon?: IconName
  /** A button that leads on. */
  action?: ComponentChildren
}

/** Nothing is here, and what one can do about it. */
export function EmptyState({ title, text, icon, action }: EmptyStateProps) {
  return (
    <div class="state">
      {icon && (
        <span class="state-icon">
          <Icon name={icon} />
        </span>
      )}
      <p class="state-title">{title}</p>
      {text && <p class="state-text">{text}</p>}
      {action}
    </div>
  )
}

/** It could not be read; says why, and tries again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const strings = useStrings()
  return (
    <div class="state" role="alert">
      <span class="state-icon">
        <Icon name="warning" />
      </span>
      <p class="state-text">{errorText(strings, error)}</p>
      {retry && (
        <Button icon="refresh" onClick={retry}>
          {strings.t('common.retry')}
        </Button>
      )}
    </div>
  )
}
