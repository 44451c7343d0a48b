import { useStrings } from '../app/context.ts'
import { Switch } from '../design/switch.tsx'

/** Whether everyone may find and join a group, and what that means. */
export function PublicChoice({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  const { t } = useStrings()
  return (
    <Switch
      label={t('conversations.public')}
      hint={t(value ? 'conversations.publicMeans' : 'conversations.privateMeans')}
      checked={value}
      onChange={onChange}
    />
  )
}
