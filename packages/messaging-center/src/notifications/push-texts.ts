/** What a notification says besides what somebody wrote. Beside the catalogue, so that the service worker need not load all of that. */
export interface PushTexts {
  message: string
  mention: string
  file: string
  /** Of what is gone by the time it is told. */
  nothing: string
}

const catalogues: Record<string, PushTexts> = {
  en: {
    message: 'New message',
    mention: 'You were mentioned',
    file: 'Sent a file',
    nothing: 'A message was taken back or read'
  },
  de: {
    message: 'Neue Nachricht',
    mention: 'Jemand hat dich erwähnt',
    file: 'Hat eine Datei geschickt',
    nothing: 'Eine Nachricht wurde zurückgenommen oder gelesen'
  }
}

/** In the language of the tag, English where it is another. */
export function pushTexts(language: string): PushTexts {
  return catalogues[language.toLowerCase().split('-')[0] ?? ''] ?? (catalogues.en as PushTexts)
}
