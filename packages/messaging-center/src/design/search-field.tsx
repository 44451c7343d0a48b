import type { InputHTMLAttributes } from 'preact'
import { Icon } from './icon.tsx'

export interface SearchFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'autofocus' | 'maxLength' | 'onFocus' | 'onKeyDown'> {
  /** Its label, and what stands in it while it is empty. */
  label: string
  text: string
  onText(text: string): void
}

/** Where one types what is looked for. */
export function SearchField({ label, text, onText, maxLength = 100, ...rest }: SearchFieldProps) {
  return (
    <div class="search-field">
      <Icon name="search" />
      <input
        {...rest}
        type="search"
        class="search-input"
        dir="auto"
        aria-label={label}
        placeholder={label}
        maxLength={maxLength}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </div>
  )
}
