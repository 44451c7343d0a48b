import { useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'

const MANY = 999

/** Leads to the newest message; says how many are there that were not seen. */
export function JumpButton({ count, onClick }: { count: number; onClick(): void }) {
  const { t } = useStrings()
  const label =
    count === 0
      ? t('messages.newest')
      : count > MANY
        ? t('messages.manyNew', { n: MANY })
        : t('messages.newMessages', { n: count })
  return (
    <Button
      class={`jump-button${count > 0 ? ' jump-button-new' : ''}`}
      icon="arrow-down"
      title={t('messages.newest')}
      onClick={onClick}
    >
      {label}
    </Button>
  )
}
