import type { Attachment, ForwardedFrom, Message, ThreadSummary } from '@parley/contracts'

/**
 * What few messages have, of the message `m`, as one JSON value; null, and nothing looked up but its thread and files, for all the others.
 * For every statement that reads messages. No `exists`: for that the planner may read a whole table, once for all rows.
 */
export const EXTRAS = `case when m.pinned_at is not null or m.thread_id is not null or m.mentions is not null
    or m.forwarded_message_id is not null or (select true from threads t where t.root_id = m.id)
    or (select true from attachments a where a.message_id = m.id limit 1)
  then jsonb_strip_nulls(jsonb_build_object(
    'pinned_at', m.pinned_at,
    'thread_id', m.thread_id,
    'mentions', m.mentions,
    'thread', (
      select jsonb_build_object('reply_count', t.reply_count, 'changed_seq', t.changed_seq, 'last_reply', (
        select jsonb_build_object('message_id', l.id, 'seq', l.seq, 'created_at', l.created_at,
          'sender', jsonb_build_object('id', w.id, 'username', w.username, 'display_name', w.display_name))
        from messages l join users w on w.id = l.sender_id
        where l.conversation_id = t.conversation_id and l.seq = t.last_reply_seq
      ))
      from threads t where t.root_id = m.id
    ),
    'forwarded_from', (
      select jsonb_build_object('conversation_id', m.forwarded_conversation_id, 'message_id', m.forwarded_message_id,
        'sender', jsonb_build_object('id', w.id, 'username', w.username, 'display_name', w.display_name))
      from users w where w.id = m.forwarded_sender_id
    ),
    'attachments', (
      select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'type', a.type, 'size', a.size, 'width', a.width,
        'height', a.height, 'thumbnail', nullif(a.thumbnail, false)) order by a.position)
      from attachments a where a.message_id = m.id
    )
  )) end`

/** {@link EXTRAS} as the driver reads it: times are texts, as Postgres writes them into JSON. */
export interface MessageExtras {
  pinned_at?: string
  thread_id?: string
  mentions?: string[]
  thread?: ThreadSummary
  forwarded_from?: ForwardedFrom
  attachments?: Attachment[]
}

/**
 * The same as a message's optional fields. Where it was forwarded from is for those who see that conversation: everyone here if
 * it is this one, else only whom the statement read for.
 */
export function toExtras(
  extras: MessageExtras | null,
  here: { conversation_id: string; sees_source?: boolean | null | undefined }
): Partial<Message> {
  if (extras === null) return {}
  const { pinned_at, thread, forwarded_from, ...as_is } = extras
  return {
    ...as_is,
    ...(pinned_at === undefined ? {} : { pinned_at: toTime(pinned_at) }),
    ...(thread === undefined ? {} : { thread: toThread(thread) }),
    ...(forwarded_from === undefined ? {} : { forwarded_from: toForwardedFrom(forwarded_from, here) })
  }
}

function toThread({ last_reply, ...counts }: ThreadSummary): ThreadSummary {
  if (!last_reply) return counts
  return { ...counts, last_reply: { ...last_reply, created_at: toTime(last_reply.created_at) } }
}

/** Without the conversation, for those who may not know of it. */
export function toForwardedFrom(
  { conversation_id, ...source }: ForwardedFrom,
  here: { conversation_id: string; sees_source?: boolean | null | undefined }
): ForwardedFrom {
  const seen = here.sees_source || conversation_id === here.conversation_id
  return seen && conversation_id !== undefined ? { conversation_id, ...source } : source
}

function toTime(text: string): string {
  return new Date(text).toISOString()
}
