import type { Message } from '@parley/contracts'
import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { IconButton } from '../design/button.tsx'
import type { IconName } from '../design/icon.tsx'
import { MenuList } from '../design/menu-list.tsx'
import { rove } from '../design/rove.ts'
import { EmojiPopover } from '../emoji/emoji-popover.tsx'
import { quickEmoji } from '../emoji/recent-emoji.ts'
import { pressedShortcut, shortcuts } from '../shortcuts/shortcuts.ts'
import type { CommandId } from './message-commands.ts'
import { useAttention } from './use-attention.ts'
import { type Asking, useMessageCommands } from './use-message-commands.ts'

const MessageDialog = lazy(async () => (await import('./message-dialogs.tsx')).MessageDialog, { over: true })

const icons: Record<CommandId, IconName> = {
  react: 'smile',
  reply: 'reply',
  thread: 'thread',
  edit: 'edit',
  copyText: 'copy',
  copyLink: 'link',
  forward: 'forward',
  pin: 'pin',
  unpin: 'pin',
  seen: 'check-double',
  versions: 'clock',
  report: 'flag',
  delete: 'delete'
}

/** With a button of their own; all are in the menu. */
const besides: readonly CommandId[] = ['react', 'reply', 'thread']

interface Props {
  message: Message
  /** The key that was pressed on the message last: this may have come only after it. */
  pressed: RefObject<KeyboardEvent | undefined>
}

/**
 * What can be done with a message: a toolbar while the pointer or the focus is in it, a menu with everything, and the shortcuts while
 * the message itself has the focus. Stands within the element that can have it.
 */
export function MessageActions({ message, pressed }: Props) {
  const { me } = useCenter()
  const { t } = useStrings()
  const [open, setOpen] = useState<Asking | 'menu'>()
  const toolbar = useRef<HTMLDivElement>(null)
  const { commands, run, react } = useMessageCommands(message, setOpen)
  const close = () => setOpen(undefined)
  const minded = useAttention(toolbar, pressed, (event) => {
    const command = commandOf(event, commands)
    if (!command) return
    event.preventDefault()
    event.stopPropagation()
    run(command)
  })
  const shown = minded || open !== undefined
  if (commands.length === 0) return null
  return (
    <>
      <div
        ref={toolbar}
        class={`message-actions${shown ? ' message-actions-shown' : ''}`}
        role="toolbar"
        aria-label={t('actions.label')}
        onKeyDown={(event) => rove(event, 'button', { across: true })}
      >
        {shown && commands.includes('react') && (
          <span class="message-actions-quick">
            {quickEmoji(me.id).map((emoji) => (
              <button
                key={emoji}
                type="button"
                class="icon-button"
                tabIndex={-1}
                aria-label={t('actions.reactWith', { emoji })}
                title={t('actions.reactWith', { emoji })}
                onClick={() => react(emoji)}
              >
                {emoji}
              </button>
            ))}
          </span>
        )}
        {shown &&
          besides
            .filter((command) => commands.includes(command))
            .map((command) => (
              <IconButton
                key={command}
                icon={icons[command]}
                label={t(`actions.${command}`)}
                tabIndex={-1}
                aria-haspopup={command === 'react' ? 'dialog' : undefined}
                onClick={() => run(command)}
              />
            ))}
        <IconButton
          icon="more"
          label={t('actions.more')}
          tabIndex={shown ? 0 : -1}
          aria-haspopup="menu"
          aria-expanded={open === 'menu'}
          onClick={() => setOpen('menu')}
        />
      </div>
      {open === 'menu' && toolbar.current && (
        <MenuList
          label={t('actions.label')}
          anchor={toolbar.current}
          items={commands.map((command) => ({
            label: t(`actions.${command}`),
            icon: icons[command],
            keys: keysOf(command),
            danger: command === 'delete',
            apart: command === 'seen' || command === 'report' || command === 'delete',
            run: () => run(command)
          }))}
          onClose={close}
        />
      )}
      {open === 'react' && toolbar.current && (
        <EmojiPopover label={t('actions.react')} anchor={toolbar.current} onPick={react} onClose={close} />
      )}
      {open && open !== 'menu' && open !== 'react' && (
        <MessageDialog what={open} message={message} onClose={close} />
      )}
    </>
  )
}

/** The shortcut of a command; pinning and taking the pin out have the same. */
const shortcutOf = (command: CommandId) => (command === 'unpin' ? 'pin' : command)

function commandOf(event: KeyboardEvent, commands: readonly CommandId[]): CommandId | undefined {
  const shortcut = pressedShortcut(event, 'message')
  return commands.find((command) => shortcutOf(command) === shortcut)
}

function keysOf(command: CommandId): string | undefined {
  const place = 'message'
  const shortcut = shortcuts.find((one) => one.place === place && one.id === shortcutOf(command))
  return shortcut?.keys[0]
}
