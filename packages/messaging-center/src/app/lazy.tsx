import { NetworkError } from '@parley/client'
import type { ComponentType } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { Spinner } from '../design/spinner.tsx'
import { laterStyles } from '../design/style-sheet.ts'
import { ErrorState } from '../design/states.tsx'
import { errorText } from '../strings/error-text.ts'
import { CenterContext, useStrings } from './context.ts'

export type LazyComponent<P> = ComponentType<P> & {
  /** It will be shown soon. */
  preload(): void
}

/**
 * A part that is loaded when it is first shown; where that fails it says so, and can be tried again. `over`: it opens over everything
 * else, so nothing stands in its place meanwhile, and a failure is a passing note.
 */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { over = false } = {}
): LazyComponent<P> {
  let Loaded: ComponentType<P> | undefined
  const begin = async () => {
    const [part] = await Promise.all([load(), laterStyles()])
    Loaded = part
  }
  function Lazy(props: P) {
    const strings = useStrings()
    const center = useContext(CenterContext)
    const [attempt, setAttempt] = useState(0)
    const [failed, setFailed] = useState(false)
    const [, setDone] = useState(Loaded !== undefined)
    useEffect(() => {
      if (Loaded) return
      let left = false
      setFailed(false)
      begin().then(
        () => {
          if (!left) setDone(true)
        },
        () => {
          if (left) return
          setFailed(true)
          if (over) center?.notify({ text: errorText(strings, unanswered()) })
        }
      )
      return () => {
        left = true
      }
    }, [attempt])
    if (Loaded) return <Loaded {...props} />
    if (over) return null
    if (failed) return <ErrorState error={unanswered()} retry={() => setAttempt(attempt + 1)} />
    return (
      <div class="state state-late">
        <Spinner label={strings.t('common.loading')} />
      </div>
    )
  }
  return Object.assign(Lazy, {
    // What fails now fails when it is shown, and says so then.
    preload: () => void begin().catch(() => undefined)
  })
}

const unanswered = () => new NetworkError('a part of the page')
