import { useEffect } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'

/** Tells of new messages whoever does not look: by notification and by sound, as chosen. Nothing of it is loaded before the rest. */
export function useNotices(): void {
  const center = useCenter()
  const { language } = useStrings()
  useEffect(() => {
    let off: (() => void) | undefined
    let left = false
    import('./watch-messages.ts').then(
      ({ watchMessages }) => {
        if (!left) off = watchMessages(center, language)
      },
      () => undefined
    )
    return () => {
      left = true
      off?.()
    }
  }, [center, language])
}
