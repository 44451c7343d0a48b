import { ConflictError } from '@parley/client'
import type { Conversation } from '@parley/contracts'
import { useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { Dialog } from '../design/dialog.tsx'
import { DeleteConversation } from './delete-conversation.tsx'
import type { ConversationDialogProps } from './edit-conversation.tsx'

/** Leaving a group, or what its last owner has to do first. */
export function LeaveConversation({ conversation, onClose }: ConversationDialogProps) {
  const { client, me, router, announce } = useCenter()
  const { t } = useStrings()
  const [stuck, setStuck] = useState(false)
  // The question closes itself once it is answered; then comes what to do instead.
  const refused = useRef(false)
  const name = conversation.title ?? t('conversations.untitled')
  if (stuck) return <LastOwner conversation={conversation} onClose={onClose} />
  const leave = async () => {
    try {
      await client.rest('DELETE conversations/{conversation_id}/members/{user_id}/', {
        conversation_id: conversation.id,
        user_id: me.id
      })
    } catch (error) {
      if (!(error instanceof ConflictError) || error.code !== 'last_owner') throw error
      refused.current = true
      setStuck(true)
      return
    }
    announce(t('conversations.left', { name }))
    router.go({ at: 'home' })
  }
  return (
    <ConfirmDialog
      title={t('conversations.leaveTitle', { name })}
      text={t(leaveText(conversation))}
      confirm={t('conversations.leave')}
      danger
      onConfirm={leave}
      onClose={() => {
        if (!refused.current) onClose()
      }}
    />
  )
}

function leaveText({ member_count, public: open }: Conversation) {
  if (member_count === 1) return 'conversations.leaveAloneText'
  return open ? 'conversations.leavePublicText' : 'conversations.leaveText'
}

/** Somebody has to own a group: the ways on from here. */
function LastOwner({ conversation, onClose }: ConversationDialogProps) {
  const { router } = useCenter()
  const { t } = useStrings()
  const [deleting, setDeleting] = useState(false)
  const name = conversation.title ?? t('conversations.untitled')
  if (deleting) return <DeleteConversation conversation={conversation} onClose={onClose} />
  const choose = () => {
    onClose()
    router.go({ at: 'conversation', id: conversation.id, panel: 'members' })
  }
  return (
    <Dialog title={t('conversations.lastOwnerTitle')} onClose={onClose}>
      <p dir="auto">{t('conversations.lastOwnerText', { name })}</p>
      <div class="dialog-actions">
        <Button look="danger" onClick={() => setDeleting(true)}>
          {t('conversations.deleteGroup')}
        </Button>
        <Button look="primary" onClick={choose}>
          {t('conversations.showMembers')}
        </Button>
      </div>
    </Dialog>
  )
}
