import type { DurableEvent, EventKind, ReactionCount, Role, RoomPage, RoomRead } from '@parley/contracts'
import type pg from 'pg'
import { EXTRAS, type MessageExtras } from '../messages/message-extras.ts'
import { toMessage } from '../messages/message-view.ts'
import { type ConversationFactsRow, toFacts } from '../conversations/conversation-view.ts'
import type { FrameBody } from './conversation-line.ts'
import { toEvent } from './frame-encoder.ts'

// One statement, so that head, membership and page are one snapshot. Each branch walks its own (conversation_id, changed_seq)
// index for at most a page. A deleted conversation has no members any more; who had it open still reads up to its deletion.
const PAGE = `
  with room as materialized (
    select c.*, (
      select jsonb_object_agg(m.user_id, jsonb_build_object('role', m.role, 'read_seq', m.read_seq)) from members m
      where m.conversation_id = c.id and m.user_id = any ($4::uuid[]) and m.removed_at is null and c.deleted_at is null
    ) as present
    from conversations c where c.id = $1
  )
  select 'head' as what, last_seq as changed_seq, null::uuid as id, null::bigint as seq, null::uuid as user_id,
    null as username, null as display_name, null as body, null as client_id, null::uuid as reply_to_id,
    created_at, null::timestamptz as edited_at, deleted_at, null as reactions, present as facts,
    null::uuid as actor_id
  from room
  union all
  select * from (
    select * from (
      select 'message', m.changed_seq, m.id, m.seq, m.sender_id, u.username, u.display_name, m.body, m.client_id,
        m.reply_to_id, m.created_at, m.edited_at, m.deleted_at,
        (select json_agg(json_build_object('emoji', r.emoji, 'count', r.n) order by r.since, r.emoji) from (
          select emoji, count(*) as n, min(created_at) as since from reactions where message_id = m.id group by emoji
        ) r), ${EXTRAS},
        case when m.deleted_at is null then m.sender_id else (
          select c.actor_id from changes c where c.conversation_id = m.conversation_id and c.seq = m.changed_seq
        ) end
      from messages m join users u on u.id = m.sender_id
      where m.conversation_id = $1 and m.changed_seq > $2
      order by m.changed_seq limit $3
    ) changed_messages
    union all
    select * from (
      select 'member', m.changed_seq, m.user_id, m.joined_seq, m.user_id, u.username, u.display_name, null, null,
        null::uuid, null::timestamptz, null::timestamptz, m.removed_at, null::json,
        jsonb_build_object('role', m.role, 'read_seq', case when u.hide_reads then m.joined_seq else m.read_seq end), m.user_id
      from members m join users u on u.id = m.user_id
      where m.conversation_id = $1 and m.changed_seq > $2
      order by m.changed_seq limit $3
    ) changed_members
    union all
    select 'conversation', changed_seq, id, null, created_by, null, null, null, null, null, created_at, null, deleted_at,
      null, jsonb_build_object('kind', kind, 'title', title, 'description', description, 'public', public), created_by
    from room where changed_seq > $2
    order by 2 limit $3
  ) feed`

interface FeedRow {
  what: 'head' | 'message' | 'member' | 'conversation'
  changed_seq: number
  id: string
  seq: number
  user_id: string
  username: string
  display_name: string
  body: string | null
  client_id: string | null
  reply_to_id: string | null
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  reactions: ReactionCount[] | null
  facts: unknown
  /** Who deleted a message; otherwise whose row it is. */
  actor_id: string
}

/**
 * A page of what changed after `since`, each row once, as it is now and where its last change put it; with the head and the
 * membership of the asked users, all of one moment. Resumable at any point: a row that changes meanwhile moves to the end.
 *
 * @example
 * const page = await readRoom(pool, { conversation_id, since: 120, limit: 100, users: [me] })
 */
export async function readRoom(pool: pg.Pool, read: RoomRead): Promise<RoomPage> {
  const { conversation_id, since, limit, users } = read
  // Without a page the branches are asked for nothing.
  const wanted = since === null ? 0 : limit
  const { rows } = await pool.query<FeedRow>({
    name: 'change_page',
    text: PAGE,
    values: [conversation_id, since ?? 0, wanted, users]
  })
  const [room, ...feed] = rows
  if (!room) return { conversation_id, head: 0, next_since: 0, members: {}, events: [] }
  const head = room.changed_seq
  feed.sort((a, b) => a.changed_seq - b.changed_seq)
  const events = feed.map((row, n) =>
    toFeedEvent(conversation_id, feed[n - 1]?.changed_seq ?? since ?? 0, row)
  )
  const full = wanted > 0 && feed.length === wanted
  return {
    conversation_id,
    head,
    next_since: full ? (events.at(-1)?.seq ?? head) : head,
    members: (room.facts ?? {}) as RoomPage['members'],
    events
  }
}

function toFeedEvent(conversation_id: string, prev: number, row: FeedRow): DurableEvent {
  const [kind, frame] = describe(conversation_id, row)
  const { changed_seq: seq, id: subject_id, actor_id } = row
  return toEvent({ conversation_id, seq, prev, kind, subject_id, actor_id }, frame)
}

/** What a changed row is follows from the row alone. */
function describe(conversation_id: string, row: FeedRow): [EventKind, FrameBody] {
  if (row.what === 'message') return describeMessage(conversation_id, row)
  if (row.what === 'member') return describeMember(row)
  if (row.deleted_at) return ['conversation.deleted', { type: 'conversation_deleted' }]
  const facts = row.facts as Pick<ConversationFactsRow, 'kind' | 'title' | 'description' | 'public'>
  const conversation = toFacts({ id: conversation_id, created_at: row.created_at, ...facts })
  return ['conversation.changed', { type: 'conversation_changed', conversation }]
}

function describeMessage(conversation_id: string, row: FeedRow): [EventKind, FrameBody] {
  const message = toMessage({
    ...row,
    conversation_id,
    sender_id: row.user_id,
    reactions: row.reactions ?? [],
    extras: row.facts as MessageExtras | null
  })
  if (row.deleted_at) return ['message.deleted', { type: 'message_deleted', message_id: row.id, message }]
  if (row.changed_seq === row.seq) return ['message.created', { type: 'message', message }]
  return ['message.edited', { type: 'message_edited', message }]
}

function describeMember(row: FeedRow): [EventKind, FrameBody] {
  const { user_id, username, display_name } = row
  if (row.deleted_at) return ['member.removed', { type: 'member_removed', user_id }]
  const { role, read_seq } = row.facts as { role: Role; read_seq: number }
  const member = { user: { id: user_id, username, display_name }, role, joined_seq: row.seq, read_seq }
  return row.changed_seq === row.seq
    ? ['member.added', { type: 'member_added', member }]
    : ['member.changed', { type: 'member_changed', member }]
}
