/**
 * Hooks for React and Preact, made of the framework's own functions: this package depends on neither.
 *
 * @example
 * import { useMemo, useSyncExternalStore } from 'react'
 * export const { useMessages } = createHooks({ useMemo, useSyncExternalStore })
 * const { messages, outgoing } = useMessages(parley, id)
 */
import type { Client } from '../client.ts'
import type { ConnectionState } from '../connection/connection.ts'
import type { Off } from '../emitter.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import {
  connectionStore,
  type Conversations,
  conversationsStore,
  type Messages,
  type MessagesOptions,
  type MessagesStore,
  messagesStore,
  outboxStore,
  type Store,
  typingStore
} from '../stores/index.ts'

/** Of `react`, or of `preact/hooks` and `preact/compat`. */
export interface Framework {
  useMemo<T>(make: () => T, dependencies: readonly unknown[]): T
  useSyncExternalStore<T>(subscribe: (listener: () => void) => Off, get: () => T, getOnServer?: () => T): T
}

export type MessagesInUse = Messages & MessagesStore

export interface Hooks {
  useStore<T>(store: Store<T>): T
  useConnection(client: Client): ConnectionState
  useConversations(client: Client): Conversations
  /** Another conversation, or another thread, is another store; the other options count when it is opened. */
  useMessages(client: Client, conversation_id: string, options?: MessagesOptions): MessagesInUse
  useOutbox(client: Client): readonly OutboxEntry[]
  useTyping(client: Client, conversation_id: string): readonly string[]
}

export function createHooks({ useMemo, useSyncExternalStore }: Framework): Hooks {
  const useStore = <T>(store: Store<T>) => useSyncExternalStore(store.subscribe, store.get, store.get)
  return {
    useStore,
    useConnection: (client) => useStore(useMemo(() => connectionStore(client), [client])),
    useConversations: (client) => useStore(useMemo(() => conversationsStore(client), [client])),
    useMessages(client, id, options) {
      const store = useMemo(() => messagesStore(client, id, options), [client, id, options?.thread_id])
      const messages = useStore(store)
      return useMemo(() => ({ ...store, ...messages }), [messages, store])
    },
    useOutbox: (client) => useStore(useMemo(() => outboxStore(client), [client])),
    useTyping: (client, id) => useStore(useMemo(() => typingStore(client, id), [client, id]))
  }
}

/** The same as a signal, of `@preact/signals` or alike; `off` takes it from its store. */
export function signalOf<T, S extends { value: T }>(
  store: Store<T>,
  signal: (value: T) => S
): { signal: S; off: Off } {
  const made = signal(store.get())
  const off = store.subscribe(() => {
    made.value = store.get()
  })
  return { signal: made, off }
}
