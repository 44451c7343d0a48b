import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { PlaceLink } from '../app/place-link.tsx'
import { useStore } from '../app/use-store.ts'
import { Avatar } from '../design/avatar.tsx'
import { Icon } from '../design/icon.tsx'
import { Menu } from '../design/menu.tsx'

const ShortcutSheet = lazy(async () => (await import('../shortcuts/shortcut-sheet.tsx')).ShortcutSheet, {
  over: true
})
const SignOutDialog = lazy(async () => (await import('../app/sign-out-dialog.tsx')).SignOutDialog, {
  over: true
})

/** Who I am here, whether I want to seem to be, and the way to my settings and out. */
export function Myself() {
  const { me, asks, myPresence, router } = useCenter()
  const { t } = useStrings()
  const presence = useStore(myPresence)
  const { at } = useStore(router)
  const [shortcuts, setShortcuts] = useState(false)
  const [leaving, setLeaving] = useState(false)
  return (
    <footer class="myself">
      <Menu
        class="myself-button"
        label={t('conversations.myself')}
        trigger={
          <>
            <Avatar user={me} presence={presence.shown} />
            <span class="myself-name" dir="auto">
              {me.display_name}
            </span>
          </>
        }
        items={[
          {
            label: t('presence.online'),
            checked: presence.chosen === 'online',
            run: () => myPresence.choose('online')
          },
          {
            label: t('presence.away'),
            checked: presence.chosen === 'away',
            run: () => myPresence.choose('away')
          },
          { label: t('shortcuts.title'), icon: 'keyboard', apart: true, run: () => setShortcuts(true) },
          ...(asks
            ? [{ label: t('settings.signOut'), icon: 'sign-out' as const, run: () => setLeaving(true) }]
            : [])
        ]}
      />
      <PlaceLink
        to={{ at: 'settings' }}
        class="icon-button"
        title={t('settings.title')}
        aria-label={t('settings.title')}
        aria-current={at === 'settings' ? 'page' : undefined}
      >
        <Icon name="settings" />
      </PlaceLink>
      {shortcuts && <ShortcutSheet onClose={() => setShortcuts(false)} />}
      {leaving && <SignOutDialog onClose={() => setLeaving(false)} />}
    </footer>
  )
}
