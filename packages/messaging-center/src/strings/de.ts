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
    network: 'Es kommt keine Antwort. Bist du verbunden?',
    unauthenticated: 'Du bist abgemeldet. Melde dich wieder an.',
    forbidden: 'Das darfst du nicht.',
    not_found: 'Das gibt es nicht mehr, oder du darfst es nicht sehen.',
    rate_limited: 'Das war etwas schnell. Warte kurz und versuche es noch einmal.',
    overloaded: 'Der Server ist gerade sehr beschäftigt. Versuche es gleich noch einmal.',
    unavailable: 'Der Server kann das gerade nicht. Versuche es gleich noch einmal.',
    internal: 'Auf dem Server ist etwas schiefgegangen. Versuche es noch einmal.',
    banned: 'Diese Person ist aus der Gruppe ausgeschlossen.',
    direct_conversation: 'In einer Direktnachricht sind immer genau zwei.',
    last_owner: 'Eine Gruppe braucht jemanden, dem sie gehört. Übergib sie zuerst.',
    members_full: 'Die Gruppe ist voll.',
    validation_failed: 'Der Server hat das nicht angenommen.',
    idempotency_conflict:
      'Das wurde schon anders ausgeführt. Schließe das Fenster und versuche es noch einmal.',
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
  people: {
    title: 'Leute'
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
  },
  shortcuts: {
    title: 'Tastenkürzel'
  },
  quickSwitch: {
    title: 'Zu einer Unterhaltung springen'
  }
}
