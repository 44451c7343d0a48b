import type { Message } from '@parley/contracts'
import { useStrings } from '../app/context.ts'
import { messageLine } from '../conversations/last-message.ts'
import { IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'

interface Props {
  /** What is answered, or edited. */
  message: Message
  as: 'reply' | 'edit'
  onCancel(): void
}

/** Above the text: which message it is about. */
export function AboutBar({ message, as, onCancel }: Props) {
  const strings = useStrings()
  const { t } = strings
  const label = as === 'edit' ? t('composer.editing') : t('composer.replyingTo')
  return (
    <div class={`composer-about composer-about-${as}`}>
      <Icon name={as} />
      <p class="composer-about-text">
        <span class="composer-about-label">{label} </span>
        {as === 'reply' && <bdi class="composer-about-name">{message.sender.display_name}</bdi>}
        <span class="composer-about-body" dir="auto">
          {messageLine(message, strings)}
        </span>
      </p>
      <IconButton
        icon="close"
        label={t(as === 'edit' ? 'composer.cancelEdit' : 'composer.cancelReply')}
        onClick={onCancel}
      />
    </div>
  )
}
