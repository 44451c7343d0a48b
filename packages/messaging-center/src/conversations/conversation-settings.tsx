import type { Conversation } from '@parley/contracts'

interface Props {
  conversation: Conversation
  onClose: () => void
}

/** A group's title, description and whether it is public. For owners and admins. */
export function EditConversation(_props: Props) {
  return null
}

/** Leaving a group, or what its last owner has to do first. */
export function LeaveConversation(_props: Props) {
  return null
}

/** Deleting a group for everyone. For owners. */
export function DeleteConversation(_props: Props) {
  return null
}
