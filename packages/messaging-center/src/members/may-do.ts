import type { Conversation, Role } from '@parley/contracts'

/** What can be done to a conversation or one of its members. */
export type Deed =
  | 'edit'
  | 'publish'
  | 'delete'
  | 'leave'
  | 'add-members'
  | 'moderate'
  | 'change-role'
  | 'remove'
  | 'ban'
  | 'hand-over'

/** A member as one's rights depend on them. */
export interface Target {
  role: Role
  /** It is oneself. */
  self: boolean
}

const ranks: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

const leastRole: Record<Deed, Role> = {
  edit: 'admin',
  publish: 'owner',
  delete: 'owner',
  leave: 'member',
  'add-members': 'admin',
  moderate: 'admin',
  'change-role': 'owner',
  remove: 'admin',
  ban: 'admin',
  'hand-over': 'owner'
}

/**
 * Whether somebody with this role may: the table of docs/features.md. The server decides; this is for what is offered.
 * Nothing of it makes sense in a direct conversation.
 *
 * @example mayDo('remove', conversation, { role: member.role, self: false })
 */
export function mayDo(
  deed: Deed,
  { kind, role }: Pick<Conversation, 'kind' | 'role'>,
  target?: Target
): boolean {
  if (kind === 'direct' || ranks[role] < ranks[leastRole[deed]]) return false
  if (!target) return true
  if (target.self) return deed === 'change-role'
  return deed === 'change-role' || target.role !== 'owner' || role === 'owner'
}
