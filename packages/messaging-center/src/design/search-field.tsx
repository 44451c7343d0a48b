import { Icon } from './icon.tsx'

export interface SearchFieldProps {
  /** Its label, and what stands in it while it is empty. */
  label: string
  text: string
  onText(text: string): void
}

/** Where one types what is looked for. */
export function SearchField({ label, text, onText }: SearchFieldProps) {
  return (
    <div class="search-field">
      <Icon name="search" />
      <input
        type="search"
        class="search-input"
        dir="auto"
        aria-label={label}
        placeholder={label}
        maxLength={100}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </div>
  )
}
