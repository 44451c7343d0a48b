/**
 * What a user interface shows, as values that change: for any framework, or none.
 *
 * @example
 * const store = messagesStore(parley, conversation_id)
 * const off = store.subscribe(() => render(store.get()))
 */
import type { Client } from '../client.ts'
import type { ConnectionState } from '../connection/connection.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { createStore, type Store } from './store.ts'

export { type Conversations, type ConversationsStore, conversationsStore } from './conversations.ts'
export { type Messages, type MessagesOptions, type MessagesStore, messagesStore } from './messages.ts'
export { createStore, type Store } from './store.ts'

/** Whether one is connected, and how. */
export function connectionStore(client: Client): Store<ConnectionState> {
  const store = createStore(client.state, (set) => {
    set(() => client.state)
    return client.on('state', (state) => set(() => state))
  })
  return store
}

/** What is not sent yet, of all conversations. */
export function outboxStore(client: Client): Store<readonly OutboxEntry[]> {
  return createStore<readonly OutboxEntry[]>(client.outbox.entries(), (set) => {
    set(() => client.outbox.entries())
    return client.on('outbox', () => set(() => client.outbox.entries()))
  })
}

/** Who says that they are writing says it again every few seconds. */
const TYPING_MS = 6_000

/** The ids of those who are writing in a conversation. */
export function typingStore(client: Client, conversation_id: string): Store<readonly string[]> {
  return createStore<readonly string[]>([], (set) => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const stop = (user_id: string) => {
      clearTimeout(timers.get(user_id))
      timers.delete(user_id)
      set((now) => (now.includes(user_id) ? now.filter((one) => one !== user_id) : now))
    }
    const conversation = client.conversation(conversation_id)
    const offs = [
      conversation.on('message', ({ message }) => stop(message.sender.id)),
      conversation.on('typing', ({ user_id, on }) => {
        stop(user_id)
        if (!on) return
        timers.set(
          user_id,
          setTimeout(() => stop(user_id), TYPING_MS)
        )
        set((now) => [...now, user_id])
      })
    ]
    return () => {
      for (const off of offs) off()
      for (const timer of timers.values()) clearTimeout(timer)
    }
  })
}
