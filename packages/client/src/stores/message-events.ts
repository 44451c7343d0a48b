import type { Message } from '@parley/contracts'
import type { Client } from '../client.ts'
import type { Off } from '../emitter.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { countReply, isUnsure, later, react, uncountReply } from './message-states.ts'
import type { Messages } from './messages.ts'
import { outgo } from './outgoing.ts'

export interface FollowSetup {
  get(): Messages
  set(change: (before: Messages) => Messages): void
  hear(now: Messages, message: Message): Messages
  isOutgoing(entry: OutboxEntry): boolean
  readAgain(): Promise<void>
  whenRead(): Promise<void>
}

/** Everything that takes a number on the line, so that `head` is where one stands. */
const durable = [
  'message',
  'message_edited',
  'message_deleted',
  'reaction',
  'member_added',
  'member_removed',
  'member_changed',
  'conversation_changed'
] as const

/** Puts what happens in a conversation into what is shown of it. */
export function followMessages(
  client: Client,
  conversation_id: string,
  { get, set, hear, isOutgoing, readAgain, whenRead }: FollowSetup
): Off {
  const conversation = client.conversation(conversation_id)
  const find = (id: string) => [get().root, ...get().messages].find((one) => one?.id === id)
  const update = (message: Message) => change(set, message.id, (before) => later(before, message))
  /** What frames do not say: which reactions are mine, and the last reply of a thread but one. */
  const look = async (message_id: string) => {
    const path = 'GET conversations/{conversation_id}/messages/{message_id}/'
    const message = await client.rest(path, { conversation_id, message_id }).catch(() => undefined)
    if (message) update(message)
  }
  const reach = (head: number) =>
    set((now) => (head > now.head && now.status !== 'loading' ? { ...now, head } : now))
  const offs = [
    conversation.on('message', ({ message }) => {
      if (message.thread_id) change(set, message.thread_id, (root) => countReply(root, message))
      set((now) => ({
        ...hear(now, message),
        outgoing: now.outgoing.filter(({ client_id }) => client_id !== message.client_id)
      }))
    }),
    conversation.on('message_edited', ({ message }) => {
      const known = find(message.id)
      if (!known) return
      update(message)
      if (isUnsure(message, known)) void look(message.id)
    }),
    conversation.on('message_deleted', ({ message }) => {
      update(message)
      if (!message.thread_id) return
      const root = find(message.thread_id)
      change(set, message.thread_id, (before) => uncountReply(before, message))
      if (root?.thread?.last_reply?.message_id === message.id) void look(root.id)
    }),
    conversation.on('reaction', ({ message_id, user_id, on, ...reaction }) => {
      const mine = user_id === client.me?.id ? { mine: on } : {}
      change(set, message_id, (before) => react(before, { ...reaction, ...mine }))
    }),
    ...durable.map((name) => conversation.on(name, ({ seq }) => reach(seq))),
    conversation.on('subscribed', ({ since, head }) => {
      if (since <= get().head) reach(head)
      else if (get().status !== 'loading') void readAgain()
      // The first page may be from before or after this.
      else void whenRead().then(() => (since > get().head ? readAgain() : undefined))
    }),
    conversation.on('outbox', (entry) => {
      if (isOutgoing(entry)) set((now) => ({ ...now, outgoing: outgo(now.outgoing, entry, now) }))
    })
  ]
  return () => {
    for (const off of offs) off()
  }
}

function change(set: FollowSetup['set'], id: string, to: (before: Message) => Message): void {
  set((now) => {
    const root = now.root?.id === id ? to(now.root) : now.root
    const at = now.messages.findIndex((one) => one.id === id)
    const before = now.messages[at]
    const after = before && to(before)
    if (after === before && root === now.root) return now
    const messages = after && after !== before ? now.messages.with(at, after) : now.messages
    return { ...now, messages, ...(root ? { root } : {}) }
  })
}
