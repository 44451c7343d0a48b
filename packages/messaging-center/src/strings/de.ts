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
    unexpected: 'Das hat nicht geklappt ({code}).',
    closed: 'Die Verbindung ist beendet. Lade die Seite neu.',
    unauthenticated: 'Du bist nicht mehr angemeldet.',
    invalid_credentials: 'Benutzername und Passwort passen nicht zusammen.',
    username_taken: 'Diesen Benutzernamen gibt es schon. Nimm einen anderen.',
    idempotency_conflict:
      'Das wurde schon anders ausgeführt. Schließe das Fenster und versuche es noch einmal.',
    validation_failed: 'Etwas daran ist nicht gültig.',
    bad_request: 'Etwas daran ist nicht gültig.',
    forbidden: 'Das darfst du hier nicht.',
    origin_forbidden: 'Diese Seite darf das nicht.',
    banned: 'Diese Person ist aus der Unterhaltung ausgeschlossen.',
    not_found: 'Das gibt es nicht, oder nicht für dich.',
    message_deleted: 'Die Nachricht wurde inzwischen gelöscht.',
    direct_conversation: 'Ein Zwiegespräch bleibt bei euch beiden.',
    last_owner: 'Eine Gruppe behält mindestens einen Besitzer. Bestimme erst einen anderen.',
    members_full: 'Die Gruppe ist voll.',
    emoji_full: 'Mehr verschiedene Emoji nimmt diese Nachricht nicht.',
    pins_full: 'Mehr kann hier nicht angeheftet werden. Löse erst etwas.',
    quota_exceeded: 'Für weitere Dateien von dir ist kein Platz.',
    image_too_large: 'Das Bild ist zu groß.',
    file_type_refused: 'Dateien dieser Art können nicht gesendet werden.',
    file_type_mismatch: 'Die Datei ist nicht das, was ihr Name sagt.',
    payload_too_large: 'Das ist zu groß.',
    rate_limited: {
      one: 'Das war zu oft. Versuche es in einer Sekunde noch einmal.',
      other: 'Das war zu oft. Versuche es in {n} Sekunden noch einmal.'
    },
    internal: 'Der Server hat einen Fehler gemacht. Versuche es noch einmal.',
    overloaded: 'Der Server hat gerade zu viel zu tun. Versuche es gleich noch einmal.',
    unavailable: 'Der Server kann das gerade nicht. Versuche es gleich noch einmal.'
  },
  app: {
    backToList: 'Zurück zu den Unterhaltungen'
  },
  presence: {
    online: 'Online',
    away: 'Abwesend',
    offline: 'Offline'
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
