import { NetworkError } from '@parley/client'
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { useStrings } from './context.ts'

/** A part that is loaded when it is first shown; where that fails it says so, and can be tried again. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let Loaded: ComponentType<P> | undefined
  return function Lazy(props: P) {
    const { t } = useStrings()
    const [attempt, setAttempt] = useState(0)
    const [failed, setFailed] = useState(false)
    const [, setDone] = useState(Loaded !== undefined)
    useEffect(() => {
      if (Loaded) return
      let left = false
      setFailed(false)
      load().then(
        (part) => {
          Loaded = part
          if (!left) setDone(true)
        },
        () => {
          if (!left) setFailed(true)
        }
      )
      return () => {
        left = true
      }
    }, [attempt])
    if (Loaded) return <Loaded {...props} />
    if (failed)
      return (
        <ErrorState error={new NetworkError('a part of the page')} retry={() => setAttempt(attempt + 1)} />
      )
    return (
      <div class="state state-late">
        <Spinner label={t('common.loading')} />
      </div>
    )
  }
}
