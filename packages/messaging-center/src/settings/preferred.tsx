import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useMemo } from 'preact/hooks'
import { StringsContext } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { stringsFor } from '../strings/strings.ts'
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
  const strings = useMemo(() => {
    const found = stringsFor([language === 'system' ? '' : language, lang, ...navigator.languages])
    return dir === 'ltr' || dir === 'rtl' ? { ...found, direction: dir as 'ltr' | 'rtl' } : found
  }, [language, lang, dir])
  useLayoutEffect(() => {
    setTheme(host, appearance === 'system' ? theme : appearance)
    return () => setTheme(host, theme)
  }, [host, theme, appearance])
  return <StringsContext.Provider value={strings}>{children}</StringsContext.Provider>
}

function setTheme(host: HTMLElement, theme: string | null): void {
  if (theme === null) host.removeAttribute('theme')
  else host.setAttribute('theme', theme)
}
