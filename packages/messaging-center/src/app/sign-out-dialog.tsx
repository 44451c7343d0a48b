import { outboxStore } from '@parley/client/stores'
import { useMemo } from 'preact/hooks'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { useCenter, useStrings } from './context.ts'
import { useStore } from './use-store.ts'

/** The way out; says what would be lost. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const { client, me, signOut } = useCenter()
  const { t } = useStrings()
  const unsent = useStore(useMemo(() => outboxStore(client), [client])).filter(
    ({ user_id }) => user_id === null || user_id === me.id
  )
  return (
    <ConfirmDialog
      title={t('app.signOutTitle')}
      text={unsent.length > 0 ? t('app.signOutUnsent', { n: unsent.length }) : t('app.signOutText')}
      confirm={t('settings.signOut')}
      danger={unsent.length > 0}
      onConfirm={signOut}
      onClose={onClose}
    />
  )
}
