import type { Catalogue } from './en.ts'

export const de: Catalogue = {
  common: {
    cancel: 'Abbrechen',
    close: 'Schließen',
    save: 'Speichern',
    delete: 'Löschen',
    retry: 'Noch einmal versuchen',
    loading: 'Lädt …',
    more: 'Mehr',
    back: 'Zurück'
  },
  errors: {
    network: 'Es kommt keine Antwort. Ist die Verbindung da?',
    unexpected: 'Das hat nicht geklappt ({code}).'
  },
  signIn: {
    title: 'Anmelden'
  },
  conversations: {
    title: 'Unterhaltungen'
  },
  members: {
    title: 'Mitglieder'
  },
  messages: {
    empty: 'Hier wurde noch nichts gesagt.'
  },
  composer: {
    placeholder: 'Nachricht an {name}'
  },
  threads: {
    title: 'Thread'
  },
  search: {
    title: 'Suche'
  },
  notifications: {
    title: 'Benachrichtigungen'
  },
  settings: {
    title: 'Einstellungen'
  }
}
