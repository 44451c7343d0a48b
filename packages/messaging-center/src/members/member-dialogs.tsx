import type { Conversation, Member } from '@parley/contracts'
import { useCenter, useStrings } from '../app/context.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { BanDialog } from './ban-dialog.tsx'

/** What is asked before it is done to a member. */
export type Asking =
  | { deed: 'remove' | 'ban' | 'hand-over'; member: Member }
  | { deed: 'step-down'; member: Member; role: 'admin' | 'member' }

export interface MemberDialogProps {
  conversation: Conversation
  asking: Asking
  onClose(): void
}

export function MemberDialog({ conversation, asking, onClose }: MemberDialogProps) {
  const { client, announce } = useCenter()
  const { t } = useStrings()
  const { user } = asking.member
  const who = { conversation_id: conversation.id, user_id: user.id }
  const name = user.display_name
  if (asking.deed === 'ban') return <BanDialog conversation={conversation} user={user} onClose={onClose} />
  if (asking.deed === 'remove')
    return (
      <ConfirmDialog
        title={t('members.removeTitle', { name })}
        text={t('members.removeText')}
        confirm={t('members.remove')}
        danger
        onConfirm={async () => {
          await client.rest('DELETE conversations/{conversation_id}/members/{user_id}/', who)
          announce(t('members.removed', { name }))
        }}
        onClose={onClose}
      />
    )
  if (asking.deed === 'step-down') {
    const { role } = asking
    return (
      <ConfirmDialog
        title={t(`members.become_${role}`)}
        text={t('members.stepDownText')}
        confirm={t(`members.become_${role}`)}
        onConfirm={() =>
          client.rest('PATCH conversations/{conversation_id}/members/{user_id}/', { ...who, role })
        }
        onClose={onClose}
      />
    )
  }
  return (
    <ConfirmDialog
      title={t('members.handOverTitle', { name })}
      text={t('members.handOverText', { name })}
      confirm={t('members.handOver')}
      onConfirm={async () => {
        await client.rest('POST conversations/{conversation_id}/hand-over/', who)
        announce(t('members.handedOver', { name }))
      }}
      onClose={onClose}
    />
  )
}
