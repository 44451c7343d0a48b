export { DeleteConversation } from './delete-conversation.tsx'
export { EditConversation } from './edit-conversation.tsx'
export { LeaveConversation } from './leave-conversation.tsx'
