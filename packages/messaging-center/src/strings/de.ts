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
    placeholder: 'Nachricht an {name}',
    label: 'Nachricht',
    strong: 'Fett',
    emphasis: 'Kursiv',
    code: 'Code'
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
    title: 'Tastenkürzel',
    quickSwitch: 'Zu einer Unterhaltung springen',
    search: 'Suchen',
    nextConversation: 'Nächste Unterhaltung',
    previousConversation: 'Vorige Unterhaltung',
    nextUnread: 'Nächste ungelesene Unterhaltung',
    help: 'Alle Tastenkürzel zeigen',
    closePanel: 'Schließen, was daneben offen ist',
    previousMessage: 'Nachricht davor',
    nextMessage: 'Nachricht danach',
    pin: 'Anheften oder lösen',
    send: 'Senden',
    lineBreak: 'Neue Zeile',
    editLast: 'Meine letzte Nachricht bearbeiten, wenn noch nichts dasteht',
    leaveOff: 'Nicht mehr antworten oder bearbeiten',
    mention: 'Jemanden erwähnen',
    keyControl: 'Strg',
    keyShift: 'Umschalt',
    keyDelete: 'Entf',
    keyBackspace: 'Rücktaste',
    keyEnter: 'Eingabe',
    keyEscape: 'Esc'
  },
  quickSwitch: {
    title: 'Zu einer Unterhaltung springen'
  },
  actions: {
    label: 'Was mit dieser Nachricht zu tun ist',
    react: 'Reagieren',
    reply: 'Antworten',
    thread: 'Im Thread antworten',
    edit: 'Bearbeiten',
    copyText: 'Text kopieren',
    copyLink: 'Link kopieren',
    forward: 'Weiterleiten',
    pin: 'Anheften',
    unpin: 'Lösen',
    seen: 'Gesehen von',
    versions: 'Frühere Fassungen',
    report: 'Melden',
    delete: 'Löschen'
  }
}
