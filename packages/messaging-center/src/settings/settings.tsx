/** What one sets for oneself: looks, notifications, privacy, sessions, password, blocked people. */
export function Settings() {
  return <main></main>
}
