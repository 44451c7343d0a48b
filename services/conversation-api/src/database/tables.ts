import type { EventKind, PresenceStatus, Role } from '@parley/contracts'
import type { ColumnType, Generated } from 'kysely'

/** Postgres as Kysely sees it. bigint columns are read as numbers: a number line ends long before 2^53. */
export interface Database {
  users: UserTable
  sessions: SessionTable
  tickets: TicketTable
  login_throttles: LoginThrottleTable
  conversations: ConversationTable
  members: MemberTable
  messages: MessageTable
  message_edits: MessageEditTable
  mentions: MentionTable
  threads: ThreadTable
  thread_reads: ThreadReadTable
  reactions: ReactionTable
  changes: ChangeTable
  refused_sends: RefusedSendTable
  requests: RequestTable
  outbox: OutboxTable
  broker_state: BrokerStateTable
  presence: PresenceTable
  mutes: MuteTable
  push_subscriptions: PushSubscriptionTable
  webhooks: WebhookTable
  webhook_queue: WebhookQueueTable
  blocks: BlockTable
  presence_gateways: PresenceGatewayTable
  presence_leases: PresenceLeaseTable
  reports: ReportTable
  bans: BanTable
  audit_log: AuditTable
  erasures: ErasureTable
  attachments: AttachmentTable
  file_erasures: FileErasureTable
  message_search: MessageSearchTable
  search_progress: SearchProgressTable
}

export interface UserTable {
  id: string
  username: string
  display_name: string
  password_hash: string
  rooms_version: Generated<number>
  created_at: Generated<Date>
  disabled_at: Date | null
  hide_reads: Generated<boolean>
  admin: Generated<boolean>
  erased_at: Generated<Date | null>
}

export interface SessionTable {
  id: string
  user_id: string
  token_hash: Buffer
  user_agent: string | null
  created_at: Generated<Date>
  last_seen_at: Generated<Date>
  expires_at: Date
  ended_at: Date | null
}

export interface TicketTable {
  ticket_hash: Buffer
  session_id: string
  expires_at: Date
}

export interface LoginThrottleTable {
  key: string
  failures: number
  reset_at: Date
}

export interface ConversationTable {
  id: string
  kind: 'direct' | 'group'
  title: string | null
  description: string | null
  public: Generated<boolean>
  direct_key: string | null
  created_by: string
  created_at: Date
  last_seq: Generated<number>
  changed_seq: Generated<number>
  last_message_seq: number | null
  active_at: Date
  member_count: Generated<number>
  deleted_at: Date | null
}

export interface MemberTable {
  conversation_id: string
  user_id: string
  role: Role
  joined_seq: number
  changed_seq: number
  read_seq: Generated<number>
  removed_at: Date | null
}

export interface MessageTable {
  conversation_id: string
  seq: number
  id: string
  changed_seq: number
  sender_id: string
  body: string | null
  client_id: string | null
  request_hash: Buffer | null
  reply_to_id: string | null
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  pinned_at: Date | null
  thread_id: string | null
  mentions: string[] | null
  forwarded_conversation_id: string | null
  forwarded_message_id: string | null
  forwarded_sender_id: string | null
}

export interface MentionTable {
  conversation_id: string
  seq: number
  message_id: string
  user_id: string
}

export interface ThreadTable {
  root_id: string
  conversation_id: string
  reply_count: number
  last_reply_seq: number | null
  changed_seq: number
}

export interface ThreadReadTable {
  root_id: string
  user_id: string
  read_seq: number
}

export interface MessageEditTable {
  message_id: string
  seq: number
  body: string
  at: Date
}

export interface ReactionTable {
  message_id: string
  user_id: string
  emoji: string
  created_at: Date
}

export interface ChangeTable {
  conversation_id: string
  seq: number
  kind: EventKind
  subject_id: string
  actor_id: string
  at: Date
}

/** Written by `refuse_sends`. */
export interface RefusedSendTable {
  conversation_id: string
  sender_id: string
  client_id: string
  at: Date
}

export interface RequestTable {
  user_id: string
  key: string
  route: string
  request_hash: Buffer
  result: ColumnType<unknown, string | null, string | null>
  at: Generated<Date>
}

export interface OutboxTable {
  slot: number
  conversation_id: string
  seq: number
  kind: EventKind
  at: Date
  published: Generated<boolean>
}

export interface BrokerStateTable {
  singleton: Generated<boolean>
  stream_created: string
  last_seq: number
  epoch: Generated<number>
}

export interface PresenceTable {
  user_id: string
  status: PresenceStatus
  hidden: Generated<boolean>
  seen_at: Date | null
  changed: number
}

export interface PresenceGatewayTable {
  id: string
  report: number
  expires_at: Date
}

export interface PresenceLeaseTable {
  user_id: string
  gateway_id: string
  status: 'online' | 'away'
}

export interface MessageSearchTable {
  message_id: string
  conversation_id: string
  sender_id: string
  created_at: Date
  language: string
  body: string
  document: unknown
}

export interface SearchProgressTable {
  conversation_id: string
  indexed_seq: Generated<number>
  language: string
}

export interface AttachmentTable {
  id: string
  file_id: string
  uploader_id: string
  conversation_id: string | null
  message_id: string | null
  position: Generated<number>
  name: string
  type: string
  size: number
  width: number | null
  height: number | null
  thumbnail: Generated<boolean>
  stored: Generated<boolean>
  created_at: Generated<Date>
}

export interface FileErasureTable {
  file_id: string
  at: Generated<Date>
}

export interface MuteTable {
  user_id: string
  conversation_id: string
  keep: 'nothing' | 'mentions'
  until: Date | null
}

export interface BlockTable {
  user_id: string
  blocked_id: string
  at: Generated<Date>
}

export interface PushSubscriptionTable {
  id: string
  user_id: string
  session_id: string
  endpoint: string
  p256dh: string
  auth: string
  created_at: Generated<Date>
}

export interface WebhookTable {
  id: string
  url: string
  secret: string
  created_at: Generated<Date>
}

export interface WebhookQueueTable {
  webhook_id: string
  conversation_id: string
  seq: number
  kind: EventKind
  subject_id: string
  actor_id: string
  attempts: Generated<number>
  due_at: Generated<Date>
  dead_at: Date | null
  error: string | null
}

export interface ReportTable {
  id: string
  conversation_id: string
  message_id: string
  reporter_id: string
  reason: string
  created_at: Generated<Date>
  resolution: 'dismissed' | 'removed' | null
  resolved_by: string | null
  resolved_at: Date | null
}

export interface BanTable {
  conversation_id: string
  user_id: string
  banned_by: string
  reason: string | null
  created_at: Date
  expires_at: Date | null
}

export interface AuditTable {
  id: string
  at: Generated<Date>
  actor_id: string | null
  action: string
  user_id: string | null
  conversation_id: string | null
  message_id: string | null
}

export interface ErasureTable {
  user_id: string
  requested_at: Generated<Date>
  finished_at: Date | null
}
