import type { Key } from '../strings/strings.ts'

/** Where a shortcut works: `message` with the focus on a message, `composer` while writing. */
export type ShortcutPlace = 'everywhere' | 'message' | 'composer'

export interface Shortcut {
  id: string
  /** What does it, several where each of them does: `Mod` is ⌘ on Apple's devices and Ctrl elsewhere. */
  keys: readonly string[]
  place: ShortcutPlace
  text: Key
}

/**
 * All shortcuts there are. Single letters work on what has the focus only, so that nothing happens to who dictates or types elsewhere
 * (WCAG 2.1.4).
 */
export const shortcuts = [
  { id: 'quickSwitch', keys: ['Mod+k'], place: 'everywhere', text: 'shortcuts.quickSwitch' },
  { id: 'search', keys: ['Mod+Shift+f'], place: 'everywhere', text: 'shortcuts.search' },
  {
    id: 'nextConversation',
    keys: ['Alt+ArrowDown'],
    place: 'everywhere',
    text: 'shortcuts.nextConversation'
  },
  {
    id: 'previousConversation',
    keys: ['Alt+ArrowUp'],
    place: 'everywhere',
    text: 'shortcuts.previousConversation'
  },
  { id: 'nextUnread', keys: ['Alt+Shift+ArrowDown'], place: 'everywhere', text: 'shortcuts.nextUnread' },
  { id: 'help', keys: ['Mod+/'], place: 'everywhere', text: 'shortcuts.help' },
  { id: 'closePanel', keys: ['Escape'], place: 'everywhere', text: 'shortcuts.closePanel' },

  { id: 'previousMessage', keys: ['ArrowUp'], place: 'message', text: 'shortcuts.previousMessage' },
  { id: 'nextMessage', keys: ['ArrowDown'], place: 'message', text: 'shortcuts.nextMessage' },
  { id: 'newestMessage', keys: ['End'], place: 'message', text: 'shortcuts.newestMessage' },
  { id: 'actions', keys: ['Enter'], place: 'message', text: 'actions.label' },
  { id: 'reply', keys: ['r'], place: 'message', text: 'actions.reply' },
  { id: 'thread', keys: ['t'], place: 'message', text: 'actions.thread' },
  { id: 'react', keys: ['+'], place: 'message', text: 'actions.react' },
  { id: 'edit', keys: ['e'], place: 'message', text: 'actions.edit' },
  { id: 'copyText', keys: ['c'], place: 'message', text: 'actions.copyText' },
  { id: 'forward', keys: ['f'], place: 'message', text: 'actions.forward' },
  { id: 'pin', keys: ['p'], place: 'message', text: 'shortcuts.pin' },
  { id: 'delete', keys: ['Delete', 'Backspace'], place: 'message', text: 'actions.delete' },

  { id: 'send', keys: ['Enter'], place: 'composer', text: 'shortcuts.send' },
  { id: 'lineBreak', keys: ['Shift+Enter'], place: 'composer', text: 'shortcuts.lineBreak' },
  { id: 'editLast', keys: ['ArrowUp'], place: 'composer', text: 'shortcuts.editLast' },
  { id: 'leaveOff', keys: ['Escape'], place: 'composer', text: 'shortcuts.leaveOff' },
  { id: 'mention', keys: ['@'], place: 'composer', text: 'shortcuts.mention' },
  { id: 'strong', keys: ['Mod+b'], place: 'composer', text: 'composer.strong' },
  { id: 'emphasis', keys: ['Mod+i'], place: 'composer', text: 'composer.emphasis' },
  { id: 'code', keys: ['Mod+e'], place: 'composer', text: 'composer.code' }
] as const satisfies readonly Shortcut[]

export type ShortcutId = (typeof shortcuts)[number]['id']

/** What of a `KeyboardEvent` decides. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The shortcut of a place that was pressed, if any. */
export function pressedShortcut(
  press: Press,
  place: ShortcutPlace,
  apple = isApple()
): ShortcutId | undefined {
  return shortcuts.find(
    (one) => one.place === place && one.keys.some((keys) => isPressed(press, keys, apple))
  )?.id
}

function isPressed(press: Press, keys: string, apple: boolean): boolean {
  const { key, modifiers } = partsOf(keys)
  if (press.key.toLowerCase() !== key.toLowerCase()) return false
  const wanted = (name: string) => modifiers.includes(name)
  const [mod, other] = apple ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey]
  // Where a sign is on the keyboard is another matter in each country: + and / may need Shift.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  return (
    mod === wanted('Mod') &&
    !other &&
    press.altKey === wanted('Alt') &&
    (isSign || press.shiftKey === wanted('Shift'))
  )
}

function partsOf(keys: string): { key: string; modifiers: string[] } {
  if (keys === '+') return { key: '+', modifiers: [] }
  const modifiers = keys.split('+')
  return { key: modifiers.pop() ?? '', modifiers }
}

const signs: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Mod: '⌘',
  Alt: '⌥',
  Shift: '⇧'
}
const words: Readonly<Record<string, Key>> = {
  Mod: 'shortcuts.keyControl',
  Shift: 'shortcuts.keyShift',
  Delete: 'shortcuts.keyDelete',
  Backspace: 'shortcuts.keyBackspace',
  Enter: 'shortcuts.keyEnter',
  Escape: 'shortcuts.keyEscape'
}

/** The names of the keys as they are on the keyboard, one for each `<kbd>`. */
export function keyNames(keys: string, t: (key: Key) => string, apple = isApple()): string[] {
  const { key, modifiers } = partsOf(keys)
  const name = (one: string) => {
    const isSigned = one.startsWith('Arrow') || (apple && modifiers.includes(one))
    const sign = isSigned ? signs[one] : undefined
    return sign ?? (words[one] ? t(words[one]) : one.length === 1 ? one.toUpperCase() : one)
  }
  return [...modifiers, key].map(name)
}

/** What `aria-keyshortcuts` takes. */
export function ariaKeys(id: ShortcutId, apple = isApple()): string | undefined {
  const shortcut = shortcuts.find((one) => one.id === id)
  return shortcut?.keys
    .map((keys) => (keys === '+' ? 'Plus' : keys.replace('Mod', apple ? 'Meta' : 'Control')))
    .join(' ')
}

function isApple(): boolean {
  return /Mac|iP(?:hone|ad|od)/.test(globalThis.navigator?.platform ?? '')
}
