import { useId } from 'preact/hooks'

export interface SegmentsProps<V extends string> {
  label: string
  value: V
  options: readonly { value: V; label: string }[]
  onChange(value: NoInfer<V>): void
}

/** One of a few, side by side. Arrow keys choose, as with any radio buttons. */
export function Segments<V extends string>({ label, value, options, onChange }: SegmentsProps<V>) {
  const name = useId()
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class="segment">
          <input
            type="radio"
            name={name}
            class="segment-input"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span class="segment-label">
            <span class="segment-text">{option.label}</span>
          </span>
        </label>
      ))}
    </div>
  )
}
