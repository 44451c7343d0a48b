import type { User } from '@parley/contracts'
import type { RefObject } from 'preact'
import { useId } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'
import { pressedShortcut } from '../shortcuts/shortcuts.ts'
import { type Format, format, type TextChange } from './formatting.ts'
import { mentionChange } from './mentions.ts'
import { usePlaceholder } from './use-placeholder.ts'
import { useMentions } from './use-mentions.ts'

interface Props {
  area: RefObject<HTMLTextAreaElement | null>
  value: string
  busy: boolean
  onInput(value: string): void
  onChange(make: (value: string, area: HTMLTextAreaElement) => TextChange): void
  onSubmit(): void
  /** Both say whether they did something. */
  onLeaveOff(): boolean
  onEditLast(): boolean
  onFiles: ((files: readonly File[]) => void) | undefined
  onBlur(): void
}

const formats: readonly string[] = ['strong', 'emphasis', 'code'] satisfies Format[]

/** The text itself: grows with what is in it, and knows the keys. */
export function ComposerText(props: Props) {
  const { area, value, busy } = props
  const { t } = useStrings()
  const placeholder = usePlaceholder()
  const { conversation, thread_id } = usePane()
  const mentions = useMentions(conversation.id)
  const list = useId()
  const { List } = mentions
  const isListed = List !== undefined && mentions.users.length > 0

  const take = (user: User) => {
    const { query } = mentions
    if (query) props.onChange((text) => mentionChange(text, query, user))
  }
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    const taken = mentions.press(event)
    if (taken) {
      event.preventDefault()
      event.stopPropagation()
      if (taken !== true) take(taken)
      return
    }
    const shortcut = pressedShortcut(event, 'composer')
    if (!shortcut || (shortcut === 'send' && hasTouchKeyboard())) return
    const done = () => {
      event.preventDefault()
      event.stopPropagation()
    }
    if (shortcut === 'send') {
      done()
      if (!busy) props.onSubmit()
    } else if (shortcut === 'leaveOff') {
      if (props.onLeaveOff()) done()
    } else if (shortcut === 'editLast') {
      if (props.onEditLast()) done()
    } else if (formats.includes(shortcut)) {
      done()
      props.onChange((text, { selectionStart: start, selectionEnd: end }) =>
        format(text, { start, end }, shortcut as Format)
      )
    }
  }
  const look = ({
    currentTarget: { value: text, selectionStart, selectionEnd }
  }: {
    currentTarget: HTMLTextAreaElement
  }) => mentions.look(text, selectionStart === selectionEnd ? selectionStart : -1)
  return (
    <div class="composer-field">
      {isListed && (
        <List
          id={list}
          users={mentions.users}
          active={mentions.active}
          onActive={mentions.setActive}
          onChoose={take}
        />
      )}
      {/* What is written once more, unseen: it makes the field as high as it needs to be. */}
      <div class="composer-grow" data-text={value}>
        <textarea
          ref={area}
          class="composer-text"
          rows={1}
          dir="auto"
          aria-label={placeholder}
          placeholder={placeholder}
          aria-describedby={`${list}-hint`}
          aria-autocomplete="list"
          aria-controls={isListed ? list : undefined}
          aria-activedescendant={isListed ? `${list}-${mentions.active}` : undefined}
          // Whoever opens a thread wants to say something, but a keyboard on the screen would cover what there is to read.
          autofocus={thread_id !== undefined && !hasTouchKeyboard()}
          readOnly={busy}
          value={value}
          onInput={(event) => {
            props.onInput(event.currentTarget.value)
            look(event)
          }}
          onSelect={look}
          onKeyDown={press}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])]
            const types = event.clipboardData?.types ?? []
            // Text that was copied with a picture of itself, as office programs do, is text.
            const isText = types.includes('text/plain') && types.includes('text/html')
            if (files.length === 0 || isText) return
            event.preventDefault()
            props.onFiles?.(files)
          }}
          onBlur={() => {
            props.onBlur()
            mentions.close()
          }}
        />
      </div>
      <span class="unseen" id={`${list}-hint`}>
        {t('composer.hint')}
      </span>
    </div>
  )
}

/** Safari ends the composition before the key that ended it; its code tells. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229

/** It has no Shift+Enter: there Enter breaks the line, and the button sends. */
const hasTouchKeyboard = () => matchMedia('(hover: none) and (pointer: coarse)').matches
