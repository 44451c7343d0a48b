import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { StringsContext } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { languageOf, loadStrings, type Strings, stringsFor } from '../strings/strings.ts'
import { preferences } from './preferences.ts'

export interface PreferredProps {
  /** The element: its own `lang`, `dir` and `theme` hold where nothing else was chosen. */
  host: HTMLElement
  children: ComponentChildren
}

/** The language and the colours that somebody chose, at once and for everything in it. */
export function Preferred({ host, children }: PreferredProps) {
  const { appearance, language } = useStore(preferences)
  const { theme, lang, dir } = useMemo(
    () => ({ theme: host.getAttribute('theme'), lang: host.lang, dir: host.dir }),
    [host]
  )
  const loaded = useStringsFor(language === 'system' ? '' : language, lang)
  const strings = useMemo(
    () =>
      loaded && (dir === 'ltr' || dir === 'rtl' ? { ...loaded, direction: dir as 'ltr' | 'rtl' } : loaded),
    [loaded, dir]
  )
  useLayoutEffect(() => {
    setTheme(host, appearance === 'system' ? theme : appearance)
    return () => setTheme(host, theme)
  }, [host, theme, appearance])
  return strings && <StringsContext.Provider value={strings}>{children}</StringsContext.Provider>
}

/** The texts in the chosen language, else the element's, else the browser's. Undefined until the first ones are loaded. */
function useStringsFor(chosen: string, own: string): Strings | undefined {
  const wanted = useMemo(() => [chosen, own, ...navigator.languages], [chosen, own])
  const [strings, setStrings] = useState(() => (languageOf(wanted) === 'en' ? stringsFor(wanted) : undefined))
  const at_once = useRef(strings && wanted)
  useEffect(() => {
    if (at_once.current === wanted) return
    at_once.current = undefined
    let left = false
    void loadStrings(wanted).then(
      (loaded) => {
        if (!left) setStrings(loaded)
      },
      // What is there stays, and English is always there.
      () => {
        if (!left) setStrings((before) => before ?? stringsFor(['en']))
      }
    )
    return () => {
      left = true
    }
  }, [wanted])
  return strings
}

function setTheme(host: HTMLElement, theme: string | null): void {
  if (theme === null) host.removeAttribute('theme')
  else host.setAttribute('theme', theme)
}
