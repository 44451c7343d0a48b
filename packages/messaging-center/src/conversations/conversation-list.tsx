/** My conversations, and the ways to more of them. */
export function ConversationList() {
  return <nav></nav>
}
