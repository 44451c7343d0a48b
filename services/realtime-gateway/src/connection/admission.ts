import {
  type Authenticated,
  type ConversationApi,
  isId,
  limits,
  ProblemError,
  type RoomPage,
  type RoomRead,
  type User,
  type UserRooms
} from '@parley/contracts'
import type { Membership } from '../rooms/subscription.ts'
import type { ConnectionRegistry } from './connection-registry.ts'
import { type CredentialRules, readCredential, type UpgradeRequest } from './credentials.ts'
import type { Scope } from './connection.ts'

/** What a client was granted before its socket was opened. */
export interface Admission {
  user: User
  session_id: string
  scope: Scope
  /** On a room's address: the membership that was found, and the cursor that was given. */
  room?: { membership: Membership; since: number | undefined }
  /** For notifications: the rooms, with their heads from before the upgrade, so that nothing after it is missed. */
  rooms?: UserRooms
}

export interface AdmissionServices {
  api: Pick<ConversationApi, 'authenticate' | 'roomsOf'>
  readRoom: (read: RoomRead) => Promise<RoomPage>
  connections: ConnectionRegistry
  rules: CredentialRules
}

/**
 * Decides on an upgrade. Throws what the client is answered instead: `origin_forbidden`, `unauthenticated`, `rate_limited`,
 * `not_found` for a conversation it is no member of, be there one or not, `cursor_ahead`, `unavailable`.
 */
export async function admit(
  services: AdmissionServices,
  request: UpgradeRequest,
  scope: Scope
): Promise<Admission> {
  const credential = readCredential(request, services.rules)
  const who = await available(services.api.authenticate(credential))
  if (!who) throw new ProblemError('unauthenticated')
  const { user, session_id } = who
  if (services.connections.countOfUser(user.id) >= limits.connections_per_user)
    throw new ProblemError('rate_limited', { retry_after_ms: 1_000 })
  if (scope.kind === 'all') return { user, session_id, scope }
  if (scope.kind === 'notifications') {
    return { user, session_id, scope, rooms: await available(services.api.roomsOf(user.id)) }
  }
  const membership = await findMembership(services, scope.conversation_id, who)
  const since = readSince(request.query.since)
  if (since !== undefined && since > membership.head)
    throw new ProblemError('cursor_ahead', { head: membership.head })
  return { user, session_id, scope, room: { membership, since } }
}

async function findMembership(
  { readRoom }: AdmissionServices,
  conversation_id: string,
  { user }: Authenticated
): Promise<Membership> {
  if (!isId(conversation_id)) throw new ProblemError('not_found')
  const page = await available(readRoom({ conversation_id, since: null, limit: 1, users: [user.id] }))
  const member = page.members[user.id]
  if (!member) throw new ProblemError('not_found')
  return { head: page.head, ...member }
}

function readSince(since: unknown): number | undefined {
  if (since === undefined) return undefined
  const number = typeof since === 'string' && /^\d{1,16}$/.test(since) ? Number(since) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  const errors = [{ pointer: '/query/since', reason: 'must be a whole number from 0' }]
  throw new ProblemError('validation_failed', { errors })
}

/** Whatever keeps the api from answering, the client may try again. */
async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw Object.assign(new ProblemError('unavailable', { retry_after_ms: 1_000 }), { cause })
  }
}
