import type { ButtonHTMLAttributes } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import { Spinner } from './spinner.tsx'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'label' | 'class' | 'size'>

export interface ButtonProps extends Native {
  look?: 'primary' | 'quiet' | 'danger'
  /** It is being done: shown, and not to be pressed again. */
  busy?: boolean
  icon?: IconName
  class?: string
}

/** Keeps the focus while it is busy, which a disabled button would lose. */
export function Button({ look, busy = false, icon, class: more, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={['button', look && `button-${look}`, more].filter(Boolean).join(' ')}
      aria-disabled={busy || rest['aria-disabled']}
      aria-busy={busy}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Native {
  icon: IconName
  /** What it does, for those who do not see the picture, and as its tip. */
  label: string
  /** Of a button that stays down. */
  pressed?: boolean
  class?: string
}

export function IconButton({ icon, label, pressed, class: more, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      class={`icon-button${more ? ` ${more}` : ''}`}
      aria-label={label}
      aria-pressed={pressed}
    >
      <Icon name={icon} />
      {children}
    </button>
  )
}
