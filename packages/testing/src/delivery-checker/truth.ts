import { Client } from 'pg'

/** What the database says after a run. Sequence numbers are safe integers. */
export interface Truth {
  conversations: TruthConversation[]
  messages: TruthMessage[]
  changes: TruthChange[]
  members: TruthMember[]
  /** Outbox rows that no broker has taken. */
  unpublished: number
  /** Everything else that may not hold a deleted body: other tables, the broker's stream, the services' logs. */
  texts?: { where: string; text: string }[]
}

export interface TruthConversation {
  id: string
  last_seq: number
  changed_seq: number
  created_by: string
  deleted: boolean
}

export interface TruthMessage {
  id: string
  conversation: string
  seq: number
  changed_seq: number
  sender: string
  client_id: string | null
  body: string | null
  deleted: boolean
}

export interface TruthChange {
  conversation: string
  seq: number
  kind: string
  /** The message, the member's user, or the conversation. */
  subject: string
  actor: string
}

export interface TruthMember {
  conversation: string
  user: string
  changed_seq: number
  removed: boolean
}

const QUERIES = {
  conversations: `select id, last_seq::float8, changed_seq::float8, created_by, deleted_at is not null as deleted
    from conversations`,
  messages: `select id, conversation_id as conversation, seq::float8, changed_seq::float8, sender_id as sender, client_id,
    body, deleted_at is not null as deleted from messages order by conversation_id, seq`,
  changes: `select conversation_id as conversation, seq::float8, kind, subject_id as subject, actor_id as actor from changes
    order by conversation_id, seq`,
  members: `select conversation_id as conversation, user_id as user, changed_seq::float8, removed_at is not null as removed
    from members`,
  unpublished: 'select count(*)::float8 as n from outbox where not published'
}

/** Tables in which a body has no business; their rows are read as text. */
const BODILESS = ['outbox', 'requests', 'changes', 'reactions']

/** Reads the ground truth, in one snapshot. */
export async function readTruth(url: string): Promise<Truth> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    const rows = async <R>(sql: string) => (await client.query(sql)).rows as R[]
    const [unpublished] = await rows<{ n: number }>(QUERIES.unpublished)
    const texts: Truth['texts'] = []
    for (const table of BODILESS) {
      const [row] = await rows<{ text: string | null }>(
        `select string_agg(t::text, E'\\n') as text from ${table} t`
      )
      texts.push({ where: `table ${table}`, text: row?.text ?? '' })
    }
    return {
      conversations: await rows<TruthConversation>(QUERIES.conversations),
      messages: await rows<TruthMessage>(QUERIES.messages),
      changes: await rows<TruthChange>(QUERIES.changes),
      members: await rows<TruthMember>(QUERIES.members),
      unpublished: unpublished?.n ?? 0,
      texts
    }
  } finally {
    await client.end()
  }
}
