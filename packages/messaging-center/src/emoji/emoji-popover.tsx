import { useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { Popover } from '../design/popover.tsx'

const EmojiPicker = lazy(async () => (await import('./emoji-picker.tsx')).EmojiPicker)

interface Props {
  /** What it is chosen for, where that is not said elsewhere. */
  label?: string
  anchor: Element
  onPick(emoji: string): void
  onClose(): void
}

/** Chooses an emoji beside what asks for one. */
export function EmojiPopover({ label, anchor, onPick, onClose }: Props) {
  const { t } = useStrings()
  return (
    <Popover anchor={anchor} role="dialog" aria-label={label ?? t('emoji.title')} onClose={onClose}>
      <EmojiPicker
        onPick={(emoji) => {
          onClose()
          onPick(emoji)
        }}
      />
    </Popover>
  )
}
