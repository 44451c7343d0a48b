import type { Off } from '../emitter.ts'

/** What a device or page says about itself. Node says nothing. */
export function watchSurroundings(tell: (happening: 'offline' | 'online' | 'wake') => void): Off {
  const { window, document } = globalThis as Partial<Pick<typeof globalThis, 'window' | 'document'>>
  if (!window?.addEventListener || !document) return () => undefined
  const listeners: [EventTarget, string, () => void][] = [
    [window, 'offline', () => tell('offline')],
    [window, 'online', () => tell('online')],
    [window, 'pageshow', () => tell('wake')],
    [document, 'resume', () => tell('wake')],
    [document, 'visibilitychange', () => document.visibilityState === 'visible' && tell('wake')]
  ]
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener)
  return () => {
    for (const [target, name, listener] of listeners) target.removeEventListener(name, listener)
  }
}
