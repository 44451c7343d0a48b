import { NetworkError } from '@parley/client'
import { type ComponentChildren, type ComponentType, Fragment } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { Spinner } from '../design/spinner.tsx'
import { laterStyles } from '../design/style-sheet.ts'
import { ErrorState } from '../design/states.tsx'
import { laterTexts } from '../strings/texts.ts'
import { errorText } from '../strings/error-text.ts'
import { CenterContext, useStrings } from './context.ts'

export type LazyComponent<P> = ComponentType<P> & {
  /** It will be shown soon. */
  preload(): void
}

export interface LazyOptions {
  /** It needs no other looks and texts than what is there from the beginning. */
  plain?: boolean
  /** It opens over everything else, so nothing stands in its place meanwhile, and a failure is a passing note. */
  over?: boolean
  /** What stands around the words that it is on its way, or did not come: with a way back. */
  around?: ComponentType<{ children: ComponentChildren }>
}

const preloads = new Set<() => void>()

/** Loads all that may be shown later, while nothing else is to be done: then it is there, whatever becomes of the connection. */
export function preloadAll(): void {
  for (const preload of preloads) preload()
}

/** They pay for what they load: nothing that they do not ask for. */
export const isSavingData = () =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true

/** A part that is loaded when it is first shown; where that fails it says so, and can be tried again. */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { plain = false, over = false, around: Around = Fragment }: LazyOptions = {}
): LazyComponent<P> {
  let Loaded: ComponentType<P> | undefined
  const begin = async () => {
    const [part] = await Promise.all([load(), !plain && laterStyles(), !plain && laterTexts()])
    Loaded = part
  }
  function Lazy(props: P) {
    const strings = useStrings()
    const center = useContext(CenterContext)
    const [attempt, setAttempt] = useState(0)
    const [failed, setFailed] = useState(false)
    const [, setDone] = useState(Loaded !== undefined)
    useEffect(() => {
      // A preload may have ended after it was drawn without, and told nobody.
      if (Loaded) {
        setDone(true)
        return
      }
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
    const again = () => {
      // After an update of the server its parts have other names, which only a new page knows.
      if (attempt > 0 && center?.router.owns_page) location.reload()
      else setAttempt(attempt + 1)
    }
    return (
      <Around>
        {failed ? (
          <ErrorState error={unanswered()} retry={again} />
        ) : (
          <div class="state state-late">
            <Spinner label={strings.t('common.loading')} />
          </div>
        )}
      </Around>
    )
  }
  // What fails now fails when it is shown, and says so then.
  const preload = () => void begin().catch(() => undefined)
  preloads.add(preload)
  return Object.assign(Lazy, { preload })
}

const unanswered = () => new NetworkError('a part of the page')
