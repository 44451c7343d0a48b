import { IconButton } from '../design/button.tsx'
import { useCenter, useStrings } from './context.ts'

/** Back to the list, where there is room for one column only. Stands first in the head of a place. */
export function BackButton() {
  const { router } = useCenter()
  const { t } = useStrings()
  return (
    <IconButton
      class="app-back"
      icon="back"
      label={t('app.backToList')}
      onClick={() => router.go({ at: 'home' })}
    />
  )
}
