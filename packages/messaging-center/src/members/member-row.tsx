import type { Conversation, Member } from '@parley/contracts'
import { memo } from '../app/memo.ts'
import { useCenter, useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'
import { Menu, type MenuItem } from '../design/menu.tsx'
import { mayDo } from './may-do.ts'

/** What can be asked for in a member's row. */
export type MemberDeed =
  | 'message'
  | 'make-owner'
  | 'make-admin'
  | 'make-member'
  | 'hand-over'
  | 'remove'
  | 'ban'

export interface MemberRowProps {
  kind: Conversation['kind']
  /** Of the one who looks. */
  role: Conversation['role']
  member: Member
  presence: 'online' | 'away' | undefined
  onOpen(member: Member): void
  onDeed(deed: MemberDeed, member: Member): void
}

/** Somebody in the list; drawn again only when it changes, since there may be thousands. */
export const MemberRow = memo(function MemberRow({ kind, role, member, presence, ...on }: MemberRowProps) {
  const { me } = useCenter()
  const { t } = useStrings()
  const { user } = member
  const self = user.id === me.id
  const items = useItems({ kind, role }, member, self, on.onDeed)
  return (
    <li class="member-row">
      <button type="button" class="member-open" onClick={() => on.onOpen(member)}>
        <Avatar user={user} presence={self ? undefined : presence} />
        <span class="person-names">
          <span class="member-name">
            <span class="person-name" dir="auto">
              {user.display_name}
            </span>
            {self && <span class="member-self">({t('members.you')})</span>}
          </span>
          <span class="person-username">
            <bdi>@{user.username}</bdi>
          </span>
        </span>
      </button>
      {member.role !== 'member' && kind === 'group' && (
        <span class="chip member-role">{t(`members.${member.role}`)}</span>
      )}
      {items.length > 0 && <Menu label={t('members.actions', { name: user.display_name })} items={items} />}
    </li>
  )
})

function useItems(
  conversation: Pick<Conversation, 'kind' | 'role'>,
  member: Member,
  self: boolean,
  onDeed: MemberRowProps['onDeed']
): MenuItem[] {
  const { t } = useStrings()
  const target = { role: member.role, self }
  const run = (deed: MemberDeed) => () => onDeed(deed, member)
  const items: MenuItem[] = []
  if (!self) items.push({ label: t('people.message'), icon: 'message', run: run('message') })
  if (mayDo('change-role', conversation, target)) {
    const others = (['owner', 'admin', 'member'] as const).filter((role) => role !== member.role)
    items.push(
      ...others.map((role, index): MenuItem => {
        const label = t(self ? `members.become_${role}` : `members.make_${role}`)
        return { label, icon: 'shield', apart: index === 0 && items.length > 0, run: run(`make-${role}`) }
      })
    )
  }
  if (mayDo('hand-over', conversation, target))
    items.push({ label: t('members.handOver'), icon: 'forward', run: run('hand-over') })
  if (mayDo('remove', conversation, target))
    items.push({ label: t('members.remove'), icon: 'close', danger: true, apart: true, run: run('remove') })
  if (mayDo('ban', conversation, target))
    items.push({ label: t('members.ban'), icon: 'block', danger: true, run: run('ban') })
  return items
}
