/** Where one writes, within a pane. */
export function Composer() {
  return null
}
