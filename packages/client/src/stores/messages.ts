import type { Message } from '@parley/contracts'
import type { Client } from '../client.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { createStore, type Store } from './store.ts'

/** One conversation as it is shown: what is there, ascending by `message.seq`, then what is on its way. */
export interface Messages {
  status: 'loading' | 'ready' | 'failed'
  messages: readonly Message[]
  /** Not sent yet, or failed. One that was sent stays until its message is there. */
  outgoing: readonly OutboxEntry[]
  /** There is something before the first one. */
  has_older: boolean
  error?: unknown
}

export interface MessagesStore extends Store<Messages> {
  /** Reads the page before the first message; several calls at once are one. */
  loadOlder(): Promise<void>
}

/** The newest `limit` (50) messages of a conversation, and from then on whatever happens to it. */
export function messagesStore(client: Client, conversation_id: string, { limit = 50 } = {}): MessagesStore {
  const conversation = client.conversation(conversation_id)
  let set: (change: (before: Messages) => Messages) => void = () => undefined
  let loading: Promise<void> | undefined
  /** Everything that happened after this comes by itself. */
  let head = 0

  async function load(before: number | undefined): Promise<void> {
    try {
      const page = await conversation.history(before === undefined ? { limit } : { limit, before })
      if (before === undefined) head = page.head
      const has_older = page.items.length === limit
      set((now) => ({ ...now, status: 'ready', has_older, messages: merge(now.messages, page.items) }))
    } catch (error) {
      set((now) => ({ ...now, status: 'failed', error }))
    }
  }

  const empty: Messages = { status: 'loading', messages: [], outgoing: [], has_older: true }
  const store = createStore(empty, (change) => {
    set = change
    const put = (message: Message) =>
      set((now) => ({
        ...now,
        messages: merge(now.messages, [message]),
        outgoing: now.outgoing.filter(({ client_id }) => client_id !== message.client_id)
      }))
    const offs = [
      conversation.on('message', ({ message }) => put(message)),
      conversation.on('message_edited', ({ message }) => isShown(message) && put(message)),
      conversation.on('message_deleted', ({ message }) => isShown(message) && put(message)),
      conversation.on('reaction', ({ message_id, emoji, count, seq }) =>
        set((now) => ({ ...now, messages: react(now.messages, message_id, emoji, count, seq) }))
      ),
      conversation.on('subscribed', ({ since }) => {
        if (since > head) void load(undefined)
      }),
      conversation.on('outbox', (entry) => set((now) => outgo(now, entry)))
    ]
    // What was shown before may have become patchy while nobody looked.
    set(() => ({ ...empty, outgoing: client.outbox.entries(conversation_id) }))
    void load(undefined)
    return () => {
      for (const off of offs) off()
    }
  })

  const isShown = ({ id }: Message) => store.get().messages.some((one) => one.id === id)
  return {
    ...store,
    loadOlder() {
      const { messages, has_older } = store.get()
      if (!has_older) return Promise.resolve()
      return (loading ??= load(messages[0]?.seq).finally(() => {
        loading = undefined
      }))
    }
  }
}

/** By id, the later state of each, ascending. */
function merge(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const all = new Map(known.map((message) => [message.id, message]))
  for (const message of more) {
    const before = all.get(message.id)
    if (!before || before.changed_seq <= message.changed_seq) all.set(message.id, message)
  }
  return [...all.values()].toSorted((one, other) => one.seq - other.seq)
}

function react(
  messages: readonly Message[],
  message_id: string,
  emoji: string,
  count: number,
  changed_seq: number
): readonly Message[] {
  return messages.map((message) => {
    if (message.id !== message_id || message.changed_seq >= changed_seq) return message
    const others = message.reactions.filter((one) => one.emoji !== emoji)
    const known = message.reactions.find((one) => one.emoji === emoji)
    const reactions = count === 0 ? others : [...others, { ...known, emoji, count }]
    return { ...message, changed_seq, reactions }
  })
}

function outgo(now: Messages, entry: OutboxEntry): Messages {
  const others = now.outgoing.filter(({ client_id }) => client_id !== entry.client_id)
  const arrived = now.messages.some(({ client_id }) => client_id === entry.client_id)
  const gone = entry.error?.code === 'discarded' || arrived
  const at = now.outgoing.findIndex(({ client_id }) => client_id === entry.client_id)
  const outgoing = gone ? others : others.toSpliced(at < 0 ? others.length : at, 0, entry)
  return { ...now, outgoing }
}
