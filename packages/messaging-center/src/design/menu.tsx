import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'
import { Popover } from './popover.tsx'
import { rove } from './rove.ts'
import { useStrings } from '../app/context.ts'
import { keyNames } from '../shortcuts/shortcuts.ts'

export interface MenuItem {
  label: string
  icon?: IconName
  danger?: boolean
  disabled?: boolean
  /** Of something that is on or off. */
  checked?: boolean
  /** A line above it. */
  apart?: boolean
  /** Its shortcut, as in the table of shortcuts. */
  keys?: string | undefined
  /** Only where there is room for one column: elsewhere it is a button. */
  narrow?: boolean
  run(): void
}

export interface MenuProps {
  /** What the menu is called, and the button where nothing stands in it. */
  label: string
  /** What stands in the button; three dots otherwise. */
  trigger?: ComponentChildren
  items: readonly MenuItem[]
  /** Of the button. */
  class?: string
}

/** A button that opens a menu. Arrows, Home, End and first letters move in it; Escape goes back. */
export function Menu({ label, trigger, items, class: more = 'icon-button' }: MenuProps) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        class={more}
        aria-label={trigger ? undefined : label}
        title={trigger ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {trigger ?? <Icon name="more" />}
      </button>
      {open && button.current && (
        <MenuList label={label} anchor={button.current} items={items} onClose={() => setOpen(false)} />
      )}
    </>
  )
}

/** The menu alone, for what opens it in another way. */
export function MenuList(props: {
  label: string
  anchor: Element
  items: readonly MenuItem[]
  onClose(): void
}) {
  const { label, anchor, items, onClose } = props
  return (
    <Popover
      class="menu"
      role="menu"
      aria-label={label}
      anchor={anchor}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === 'Tab') onClose()
        else rove(event, '[role^="menuitem"]')
      }}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={item.checked}
          aria-disabled={item.disabled}
          tabIndex={-1}
          class={`menu-item${item.danger ? ' menu-danger' : ''}${item.apart ? ' menu-apart' : ''}${item.narrow ? ' menu-narrow' : ''}`}
          onClick={() => {
            if (item.disabled) return
            onClose()
            item.run()
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          <span class="menu-label" dir="auto">
            {item.label}
          </span>
          {item.keys && <MenuKeys keys={item.keys} />}
          {item.checked && <Icon name="check" />}
        </button>
      ))}
    </Popover>
  )
}

function MenuKeys({ keys }: { keys: string }) {
  const { t } = useStrings()
  return (
    <span class="menu-keys" aria-hidden="true">
      {keyNames(keys, t).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  )
}
