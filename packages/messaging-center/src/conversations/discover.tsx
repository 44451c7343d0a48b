/** Public groups: found by words, and joined. */
export function Discover() {
  return <main></main>
}
