/** All keyboard shortcuts. */
export function ShortcutSheet(_props: { onClose: () => void }) {
  return null
}
