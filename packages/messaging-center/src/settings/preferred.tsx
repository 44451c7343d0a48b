import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useMemo } from 'preact/hooks'
import { StringsContext } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { stringsFor } from '../strings/strings.ts'
import { preferences } from './preferences.ts'

export interface PreferredProps {
  /** The element: its own `lang` and `theme` hold where nothing else was chosen. */
  host: HTMLElement
  children: ComponentChildren
}

/** The language and the colours that somebody chose, at once and for everything in it. */
export function Preferred({ host, children }: PreferredProps) {
  const { appearance, language } = useStore(preferences)
  const [theme, lang] = useMemo(() => [host.getAttribute('theme'), host.getAttribute('lang')], [host])
  const strings = useMemo(
    () => stringsFor([language === 'system' ? '' : language, lang ?? '', ...navigator.languages]),
    [language, lang]
  )
  useLayoutEffect(() => {
    const chosen = appearance === 'system' ? theme : appearance
    if (chosen === null) host.removeAttribute('theme')
    else host.setAttribute('theme', chosen)
  }, [host, theme, appearance])
  useLayoutEffect(() => {
    host.lang = strings.language
  }, [host, strings])
  return <StringsContext.Provider value={strings}>{children}</StringsContext.Provider>
}
