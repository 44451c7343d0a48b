import type { ProblemCode, ProblemExtras } from '../common/problems.ts'
import type { Id } from '../common/scalars.ts'
import type { DurableEvent } from '../events/event.ts'
import type { ClientFrames } from '../realtime/client-frames.ts'
import type { Role } from '../rest/conversations.ts'
import type { Message } from '../rest/messages.ts'
import type { Presence, PresenceStatus } from '../rest/presence.ts'
import type { User } from '../rest/users.ts'

/**
 * What the realtime gateway asks of conversation-api. Over HTTP in the distributed topology, a plain call in standalone mode;
 * every call may carry many questions, so that what arrives in one event-loop turn travels together.
 */
export interface ConversationApi {
  /** Who holds this session token or ticket; null for nobody. A ticket is used up. */
  authenticate(credential: Credential): Promise<Authenticated | null>
  /** Mutations, answered in the order asked, each on its own: one that fails does not hold up the others. */
  execute(commands: Command[]): Promise<CommandResult[]>
  /** Membership, head and, with `since`, a page of changes, per room in one snapshot; answered in the order asked. */
  readRooms(reads: RoomRead[]): Promise<RoomPage[]>
  /** Every conversation of a user, as a subscriber needs it. */
  roomsOf(userId: Id): Promise<UserRooms>
  /** What moved since the gateway last looked. */
  beat(report: BeatReport): Promise<BeatReply>
  /** Renews the gateway's lease, takes in who came and went there, and tells whose presence changed anywhere. */
  presence(report: PresenceReport): Promise<PresenceReply>
}

export type Credential = { kind: 'session'; token: string } | { kind: 'ticket'; ticket: string }

export interface Authenticated {
  session_id: Id
  user: User
  rooms_version: number
  /** Milliseconds since the epoch. */
  expires_at: number
}

/** A mutating client frame without its `ref`, who sent it, and the `traceparent` of a trace it belongs to. */
export type Command = {
  [T in CommandType]: { user: User; session_id: Id; trace?: string; frame: CommandFrames[T] }
}[CommandType]
export const commandTypes = [
  'send',
  'edit',
  'delete',
  'react',
  'unreact',
  'read',
  'read_thread',
  'forward',
  'pin',
  'unpin',
  'edit_conversation',
  'join',
  'add_member',
  'remove_member',
  'change_role',
  'hand_over',
  'ban',
  'unban',
  'mute',
  'unmute'
] as const satisfies (keyof ClientFrames)[]
export type CommandType = (typeof commandTypes)[number]
/** `client_id` is optional in a send that comes from the simple dialect, which has no retry. */
export type CommandFrames = Omit<Pick<ClientFrames, CommandType>, 'send'> & {
  send: Omit<ClientFrames['send'], 'client_id'> & { client_id?: string }
}

export type CommandResult =
  | { ok: true; seq: number; message_id?: Id; replay?: true; message?: Message }
  | { ok: false; code: ProblemCode; extras: ProblemExtras }

export interface RoomRead {
  conversation_id: Id
  /** Where the page starts; null asks for no page. */
  since: number | null
  /** At most this many changes. */
  limit: number
  /** Whose membership, at the head of the same snapshot, to report. */
  users: Id[]
}

export interface RoomPage {
  conversation_id: Id
  /** 0 and no members where there is no such conversation, or it was deleted and nobody may read it. */
  head: number
  /** The cursor after this page: its last item's seq if there is more, else `head`. */
  next_since: number
  /** Those of `users` who are members at `head`. */
  members: Record<Id, { role: Role; read_seq: number }>
  events: DurableEvent[]
}

export interface UserRooms {
  rooms_version: number
  rooms: {
    conversation_id: Id
    head: number
    role: Role
    read_seq: number
    joined_seq: number
    /** Muted, or a direct conversation with someone the user blocked: no notifications. */
    quiet?: true
  }[]
}

export interface BeatReport {
  /** The last seq of every open room. */
  rooms: Record<Id, number>
  /** Every session with a connection here. */
  sessions: Id[]
  /** The room-list version of every user whose list is followed here. */
  users: Record<Id, number>
}

export interface BeatReply {
  /** Rooms whose head is not what was reported. */
  rooms: Record<Id, number>
  /** Sessions that are no more. */
  ended: Id[]
  /** Users whose version is not what was reported. */
  users: Record<Id, number>
}

export interface PresenceReport {
  gateway_id: Id
  /** Counts this gateway's reports up. */
  report: number
  /** `users` are all who are here, not only those who changed. */
  full: boolean
  /** By user: the best of their connections here; 'offline' for one who left. */
  users: Record<Id, PresenceStatus>
  /** The `head` of the last answer; null in the first report, which is told of nothing. */
  since: number | null
}

export interface PresenceReply {
  /** False where the lease had run out: the next report must be a full one. */
  known: boolean
  head: number
  changes: PresenceChange[]
}

/** A user's presence as others may see it, and in which conversations they are told. */
export interface PresenceChange extends Presence {
  rooms: Id[]
}
