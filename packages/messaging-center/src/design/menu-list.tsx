import { useStrings } from '../app/context.ts'
import { keyNames } from '../shortcuts/shortcuts.ts'
import { Icon } from './icon.tsx'
import type { MenuItem } from './menu.tsx'
import { Popover } from './popover.tsx'
import { rove } from './rove.ts'

/** What a menu shows once it is open. */
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
