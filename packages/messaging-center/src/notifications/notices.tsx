import { useEffect } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'

/** Tells of new messages whoever does not look: by notification and by sound, as chosen. Nothing of it is loaded before the rest. */
export function Notices() {
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
  return null
}

/** Whoever signed out is not notified here any more, nor is the next one by what they chose. */
export async function forgetNotices(): Promise<void> {
  try {
    const { forgetPush } = await import('./push.ts')
    await forgetPush()
  } catch {
    // The session has ended, and what was pushed for it with it.
  }
}
