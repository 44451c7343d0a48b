/** Begins a direct conversation, or a group, and goes there. */
export function NewConversation(_props: { onClose: () => void }) {
  return null
}
