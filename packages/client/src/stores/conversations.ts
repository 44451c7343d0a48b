import type { Conversation } from '@parley/contracts'
import type { Client } from '../client.ts'
import { createStore, type Store } from './store.ts'

export interface Conversations {
  status: 'loading' | 'ready' | 'failed'
  /** The newest activity first. */
  items: readonly Conversation[]
  error?: unknown
}

/** All my conversations with what was said last and how much is unread, in the order of their last activity. */
export function conversationsStore(client: Client): Store<Conversations> {
  return createStore<Conversations>({ status: 'loading', items: [] }, (set) => {
    let stopped = false
    let known: readonly Conversation[] = []
    const change = (id: string, to: (before: Conversation) => Conversation | undefined) =>
      set((now) => {
        known = now.items
        const before = now.items.find((one) => one.id === id)
        const after = before && to(before)
        if (after === before) return now
        const others = now.items.filter((one) => one.id !== id)
        return { ...now, items: after ? order([...others, after]) : others }
      })
    const refresh = async (id: string) => {
      const fresh = await client
        .conversation(id)
        .get()
        .catch(() => undefined)
      if (fresh && !stopped)
        set((now) => ({ ...now, items: order([...now.items.filter((one) => one.id !== id), fresh]) }))
    }
    const load = async () => {
      try {
        const items: Conversation[] = []
        for await (const conversation of client.conversations()) items.push(conversation)
        if (!stopped) set(() => ({ status: 'ready', items }))
      } catch (error) {
        if (!stopped) set((now) => ({ ...now, status: 'failed', error }))
      }
    }
    const offs = [
      client.on('message', ({ conversation_id, message, seq }) => {
        const mine = message.sender.id === client.me?.id
        change(conversation_id, (before) => ({
          ...before,
          head: Math.max(before.head, seq),
          last_message: (before.last_message?.seq ?? 0) > message.seq ? before.last_message : message,
          unread_count: before.unread_count + (mine || message.seq <= before.read_seq ? 0 : 1)
        }))
        if (!known.some(({ id }) => id === conversation_id)) void refresh(conversation_id)
      }),
      client.on('message_edited', ({ conversation_id, message }) =>
        change(conversation_id, (before) =>
          before.last_message?.id === message.id ? { ...before, last_message: message } : before
        )
      ),
      client.on('message_deleted', ({ conversation_id }) => void refresh(conversation_id)),
      client.on('read', ({ conversation_id, user_id }) => {
        if (user_id === client.me?.id) void refresh(conversation_id)
      }),
      client.on('member_added', ({ conversation_id }) => void refresh(conversation_id)),
      client.on('member_removed', ({ conversation_id }) => void refresh(conversation_id)),
      client.on('member_changed', ({ conversation_id }) => void refresh(conversation_id)),
      client.on('conversation_changed', ({ conversation_id, conversation }) =>
        // What has no description and is not public says nothing of either.
        change(conversation_id, ({ description: _, public: __, ...before }) => ({
          ...before,
          ...conversation
        }))
      ),
      client.on('conversation_deleted', ({ conversation_id }) => change(conversation_id, () => undefined)),
      client.on('unsubscribed', ({ conversation_id, reason }) => {
        if (reason !== 'asked') change(conversation_id, () => undefined)
      })
    ]
    void load()
    return () => {
      stopped = true
      for (const off of offs) off()
    }
  })
}

function order(items: readonly Conversation[]): readonly Conversation[] {
  const activity = ({ last_message, created_at }: Conversation) => last_message?.created_at ?? created_at
  return items.toSorted((one, other) => (activity(one) < activity(other) ? 1 : -1))
}
