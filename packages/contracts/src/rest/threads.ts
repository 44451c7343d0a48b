import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Seq } from '../common/scalars.ts'
import { Message } from './messages.ts'

// `unread_count` is exact to 999; 1000 means "or more".
const readState = { read_seq: Seq, unread_count: Type.Integer() }

/** The replies in a thread, ascending by seq. `head` is the conversation's: a cursor to subscribe from. */
export const ThreadPage = Type.Object(
  {
    root: Message,
    items: Type.Array(Message),
    next_cursor: Nullable(Type.String()),
    head: Seq,
    ...readState
  },
  { title: 'ThreadPage', additionalProperties: false }
)
export type ThreadPage = Static<typeof ThreadPage>

export const Thread = Type.Object(
  { root: Message, ...readState },
  { title: 'Thread', additionalProperties: false }
)
export type Thread = Static<typeof Thread>

export const ThreadList = Type.Object(
  { items: Type.Array(Thread), next_cursor: Nullable(Type.String()) },
  { title: 'ThreadList', additionalProperties: false }
)
export type ThreadList = Static<typeof ThreadList>

export const ThreadReadState = Type.Object(
  { conversation_id: Id, thread_id: Id, ...readState },
  { title: 'ThreadReadState', additionalProperties: false }
)
export type ThreadReadState = Static<typeof ThreadReadState>
