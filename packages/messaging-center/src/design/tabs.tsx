import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { rove } from './rove.ts'

export interface TabsProps<V extends string> {
  label: string
  value: V
  tabs: readonly { value: V; label: string; count?: number | undefined }[]
  onChange(value: NoInfer<V>): void
  /** What the chosen tab shows. */
  children: ComponentChildren
}

/** One of a few views of the same. Arrow keys go along the tabs and show each. */
export function Tabs<V extends string>({ label, value, tabs, onChange, children }: TabsProps<V>) {
  const id = useId()
  return (
    <>
      <div
        class="tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => void rove(event, '[role="tab"]', { across: true })}
      >
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            role="tab"
            class="tab"
            id={`${id}-${tab.value}`}
            aria-controls={`${id}-panel`}
            aria-selected={tab.value === value}
            tabIndex={tab.value === value ? 0 : -1}
            onFocus={() => {
              if (tab.value !== value) onChange(tab.value)
            }}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
            {tab.count ? <span class="badge">{tab.count}</span> : null}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  )
}
