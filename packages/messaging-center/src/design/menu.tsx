import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { lazy } from '../app/lazy.tsx'
import { Icon, type IconName } from './icon.tsx'

const MenuList = lazy(async () => (await import('./menu-list.tsx')).MenuList, { over: true })

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
export function Menu({ items, ...button }: MenuProps) {
  const [anchor, setAnchor] = useState<Element>()
  return (
    <>
      <MenuButton {...button} open={anchor !== undefined} onToggle={setAnchor} />
      {anchor && (
        <MenuList label={button.label} anchor={anchor} items={items} onClose={() => setAnchor(undefined)} />
      )}
    </>
  )
}

interface MenuButtonProps extends Omit<MenuProps, 'items'> {
  open: boolean
  /** With itself where the menu is to be open. */
  onToggle(button: Element | undefined): void
}

/** The button alone, of a menu that is made elsewhere. */
export function MenuButton({ label, trigger, open, onToggle, class: more = 'icon-button' }: MenuButtonProps) {
  return (
    <button
      type="button"
      class={more}
      aria-label={trigger ? undefined : label}
      title={trigger ? undefined : label}
      aria-haspopup="menu"
      aria-expanded={open}
      onClick={({ currentTarget }) => onToggle(open ? undefined : currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return
        event.preventDefault()
        onToggle(event.currentTarget)
      }}
    >
      {trigger ?? <Icon name="more" />}
    </button>
  )
}
