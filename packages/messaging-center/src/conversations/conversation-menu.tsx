import type { Conversation } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { MenuButton, type MenuItem } from '../design/menu.tsx'

const ConversationActions = lazy(
  async () => (await import('./conversation-actions.tsx')).ConversationActions,
  { over: true }
)

export interface ConversationMenuProps {
  conversation: Conversation
  /** What stands in it where there is no room for buttons. */
  panels: readonly MenuItem[]
}

/** The button of what can be done with a conversation as a whole. */
export function ConversationMenu({ conversation, panels }: ConversationMenuProps) {
  const { t } = useStrings()
  const [anchor, setAnchor] = useState<Element>()
  const [wasOpened, setWasOpened] = useState(false)
  return (
    <>
      <MenuButton
        label={t('conversations.menu')}
        open={anchor !== undefined}
        onToggle={(button) => {
          setAnchor(button)
          setWasOpened(true)
        }}
      />
      {wasOpened && (
        <ConversationActions
          conversation={conversation}
          panels={panels}
          anchor={anchor}
          onClose={() => setAnchor(undefined)}
        />
      )}
    </>
  )
}
