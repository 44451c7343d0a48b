import { useRef, useState } from 'preact/hooks'
import { lazy } from '../app/lazy.tsx'
import { useStrings } from '../app/context.ts'
import { Button, IconButton } from '../design/button.tsx'
import { ariaKeys } from '../shortcuts/shortcuts.ts'
import { type Format, format, type TextChange } from './formatting.ts'

const EmojiPopover = lazy(async () => (await import('../emoji/emoji-popover.tsx')).EmojiPopover, {
  over: true
})

interface Props {
  editing: boolean
  busy: boolean
  empty: boolean
  /** Characters that there is room for, where that is nearly over. */
  left: number | undefined
  onFiles(files: readonly File[]): void
  onChange(make: (value: string, area: HTMLTextAreaElement) => TextChange): void
}

const formats = [
  ['strong', 'bold'],
  ['emphasis', 'italic'],
  ['code', 'code']
] as const satisfies [Format, string][]

/** Below the text: what can be put into it, how much room there is, and what sends it. */
export function ComposerBar({ editing, busy, empty, left, onFiles, onChange }: Props) {
  const { t, number } = useStrings()
  const files = useRef<HTMLInputElement>(null)
  return (
    <div class="composer-bar">
      {!editing && (
        <>
          <input
            ref={files}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              const input = event.currentTarget
              onFiles([...(input.files ?? [])])
              // The same file again is a change, too.
              input.value = ''
            }}
          />
          <IconButton icon="attach" label={t('composer.attach')} onClick={() => files.current?.click()} />
        </>
      )}
      <EmojiButton onChange={onChange} />
      <span class="composer-formats">
        {formats.map(([as, icon]) => (
          <IconButton
            key={as}
            icon={icon}
            label={t(`composer.${as}`)}
            aria-keyshortcuts={ariaKeys(as)}
            onClick={() =>
              onChange((text, { selectionStart, selectionEnd }) =>
                format(text, { start: selectionStart, end: selectionEnd }, as)
              )
            }
          />
        ))}
      </span>
      <span class="composer-left">
        {left !== undefined && (
          <span class={left < 0 ? 'composer-over' : undefined}>
            <span aria-hidden="true">{number(left)}</span>
            <span class="unseen">
              {t(left < 0 ? 'composer.tooLong' : 'composer.left', { n: Math.abs(left) })}
            </span>
          </span>
        )}
      </span>
      <Button
        type="submit"
        look="primary"
        class="composer-send"
        icon={editing ? 'check' : 'send'}
        busy={busy}
        aria-disabled={empty}
      >
        <span class="composer-send-label">{t(editing ? 'common.save' : 'composer.send')}</span>
      </Button>
    </div>
  )
}

function EmojiButton({ onChange }: Pick<Props, 'onChange'>) {
  const { t } = useStrings()
  const anchor = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <span ref={anchor}>
      <IconButton
        icon="smile"
        label={t('composer.emoji')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && anchor.current && (
        <EmojiPopover
          anchor={anchor.current}
          onClose={() => setOpen(false)}
          onPick={(emoji) =>
            onChange((_text, { selectionStart: from, selectionEnd: to }) => {
              const caret = from + emoji.length
              return { from, to, insert: emoji, select: { start: caret, end: caret } }
            })
          }
        />
      )}
    </span>
  )
}
