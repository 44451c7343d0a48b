import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { activeAfter } from './listbox-keys.ts'

export interface ComboboxProps<T> {
  label: string
  /** What the list is called. */
  listLabel: string
  placeholder?: string
  text: string
  onText(text: string): void
  options: readonly T[]
  idOf(option: T): string
  /** What stands in an option. */
  children(option: T): ComponentChildren
  onChoose(option: T): void
  /** In place of options: what is looked for, that nothing was found, what went wrong. */
  below?: ComponentChildren
  /** Backspace in the empty field. */
  onBackspace?(): void
  /** Before the field, in its frame. */
  chosen?: ComponentChildren
  /** More than one is chosen; there is something below the list, which is shorter. */
  several?: boolean
  disabledReason?(option: T): string | undefined
  autofocus?: boolean
  describedBy?: string
}

/** A field with a list of what it can become below it: arrows choose, Enter takes. The focus stays in the field. */
export function Combobox<T>(props: ComboboxProps<T>) {
  const { label, listLabel, text, options, idOf, onText, onChoose, disabledReason, several = false } = props
  const id = useId()
  const [active, setActive] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const at = Math.min(active, options.length - 1)
  const current = options[at]
  useEffect(() => setActive(0), [text])
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at, options])

  const choose = (option: T | undefined) => {
    if (option !== undefined && !disabledReason?.(option)) onChoose(option)
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const next = activeAfter(event.key, at, options.length)
    if (next !== undefined) setActive(next)
    else if (event.key === 'Enter') choose(current)
    else if (event.key === 'Escape' && text) onText('')
    else {
      if (event.key === 'Backspace' && !text) props.onBackspace?.()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class={`combobox${several ? ' combobox-several' : ''}`}>
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="combobox-field">
        {props.chosen}
        <input
          id={id}
          class="combobox-input"
          type="text"
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : `${id}-${idOf(current)}`}
          aria-describedby={props.describedBy}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          autofocus={props.autofocus}
          dir="auto"
          placeholder={props.placeholder}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={press}
        />
      </div>
      <div class="combobox-below">
        <ul ref={list} class="combobox-list" id={`${id}-list`} role="listbox" aria-label={listLabel}>
          {options.map((option, index) => (
            <li
              key={idOf(option)}
              id={`${id}-${idOf(option)}`}
              class="combobox-option"
              role="option"
              aria-selected={index === at}
              aria-disabled={disabledReason?.(option) ? true : undefined}
              onPointerMove={() => setActive(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(option)}
            >
              {props.children(option)}
            </li>
          ))}
        </ul>
        {options.length === 0 && props.below}
      </div>
    </div>
  )
}
