import { useCenter, useStrings } from '../app/context.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import type { ConversationDialogProps } from './edit-conversation.tsx'

/** Deleting a group for everyone. For owners. */
export function DeleteConversation({ conversation, onClose }: ConversationDialogProps) {
  const { client, router, announce } = useCenter()
  const { t } = useStrings()
  const name = conversation.title ?? t('conversations.untitled')
  return (
    <ConfirmDialog
      title={t('conversations.deleteTitle', { name })}
      text={t('conversations.deleteText', {
        members: t('conversations.members', { n: conversation.member_count })
      })}
      confirm={t('conversations.deleteGroup')}
      danger
      onConfirm={async () => {
        await client.rest('DELETE conversations/{conversation_id}/', { conversation_id: conversation.id })
        announce(t('conversations.deleted', { name }))
        router.go({ at: 'home' })
      }}
      onClose={onClose}
    />
  )
}
