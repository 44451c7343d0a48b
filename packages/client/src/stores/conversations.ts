import type { Conversation, Message } from '@parley/contracts'
import type { Client } from '../client.ts'
import { createStore, type Store } from './store.ts'

export interface Conversations {
  /** `loading`: those that were read so far. */
  status: 'loading' | 'ready' | 'failed'
  /** The newest activity first. */
  items: readonly Conversation[]
  error?: unknown
}

export interface ConversationsStore extends Store<Conversations> {
  /** Reads one again, for what no event tells: that it was muted. */
  refresh(id: string): Promise<void>
  /** Reads all again, after a failure for instance. */
  reload(): Promise<void>
}

type Change = (before: Conversations) => Conversations

/** All my conversations with what was said last and how much is unread, in the order of their last activity. */
export function conversationsStore(client: Client): ConversationsStore {
  let set: (change: Change) => void = () => undefined
  let reading: AbortController | undefined
  /** Of those that are read again: what to do when something more has happened meanwhile. */
  const refreshing = new Map<string, { promise: Promise<void>; again: boolean }>()
  const initial: Conversations = { status: 'loading', items: [] }

  const has = (id: string) => store.get().items.some((one) => one.id === id)
  const change = (id: string, to: (before: Conversation) => Conversation | undefined) =>
    set((now) => {
      const before = now.items.find((one) => one.id === id)
      const after = before && to(before)
      return after === before ? now : { ...now, items: replace(now.items, id, after) }
    })

  function refresh(id: string): Promise<void> {
    const running = refreshing.get(id)
    if (running) {
      running.again = true
      return running.promise
    }
    const one = { again: false, promise: Promise.resolve() }
    refreshing.set(id, one)
    one.promise = read(id, one).finally(() => refreshing.delete(id))
    return one.promise
  }

  async function read(id: string, one: { again: boolean }): Promise<void> {
    do {
      one.again = false
      const { signal } = reading ?? {}
      const fresh = await client
        .conversation(id)
        .get()
        .catch(() => undefined)
      if (fresh && !signal?.aborted) set((now) => ({ ...now, items: replace(now.items, id, fresh) }))
    } while (one.again)
  }

  async function reload(): Promise<void> {
    reading?.abort()
    const { signal } = (reading = new AbortController())
    const seen = new Set<string>()
    set((now) => ({ status: now.items.length > 0 ? now.status : 'loading', items: now.items }))
    try {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) }
        const page = await client.rest('GET conversations/', query, { signal })
        for (const { id } of page.items) seen.add(id)
        set((now) => ({ ...now, items: merge(now.items, page.items) }))
        cursor = page.next_cursor
      }
      set((now) => ({ status: 'ready', items: now.items }))
      // What was there before and is not listed any more may be new, or gone.
      for (const { id } of store.get().items) if (!seen.has(id)) void refreshOrForget(id)
    } catch (error) {
      if (!signal.aborted) set((now) => ({ ...now, status: 'failed', error }))
    }
  }

  async function refreshOrForget(id: string): Promise<void> {
    const { signal } = reading ?? {}
    try {
      const fresh = await client.conversation(id).get()
      if (!signal?.aborted) change(id, () => fresh)
    } catch (error) {
      if ((error as { status?: number }).status === 404 && !signal?.aborted) change(id, () => undefined)
    }
  }

  const store = createStore<Conversations>(initial, (setter) => {
    set = setter
    const mentionsMe = ({ mentions }: Message) => Boolean(client.me && mentions?.includes(client.me.id))
    const offs = [
      client.on('message', ({ conversation_id, message, seq }) => {
        if (!has(conversation_id)) return void refresh(conversation_id)
        change(conversation_id, (before) => {
          const counts =
            message.sender.id !== client.me?.id && !message.deleted_at && message.seq > before.read_seq
          const mentions = (before.mention_count ?? 0) + (counts && mentionsMe(message) ? 1 : 0)
          return {
            ...before,
            head: Math.max(before.head, seq),
            last_message: (before.last_message?.seq ?? 0) > message.seq ? before.last_message : message,
            unread_count: before.unread_count + (counts ? 1 : 0),
            ...(mentions > 0 ? { mention_count: mentions } : {})
          }
        })
      }),
      client.on('message_edited', ({ conversation_id, message }) => {
        change(conversation_id, (before) =>
          before.last_message?.id === message.id ? { ...before, last_message: message } : before
        )
        // Whether it did so before is not known here.
        if (mentionsMe(message)) void refresh(conversation_id)
      }),
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
    // While nobody looked anything may have happened.
    set(() => initial)
    void reload()
    return () => {
      reading?.abort()
      for (const off of offs) off()
    }
  })
  return { ...store, refresh, reload }
}

const activity = ({ last_message, created_at }: Conversation) => last_message?.created_at ?? created_at

function order(items: readonly Conversation[]): readonly Conversation[] {
  return items.toSorted((one, other) => {
    const [a, b] = [activity(one), activity(other)]
    return a < b ? 1 : a > b ? -1 : 0
  })
}

function replace(
  items: readonly Conversation[],
  id: string,
  by: Conversation | undefined
): readonly Conversation[] {
  const others = items.filter((one) => one.id !== id)
  return by ? order([...others, by]) : others
}

/** A page among what is known: what was heard of meanwhile is newer than what was read. */
function merge(known: readonly Conversation[], page: readonly Conversation[]): readonly Conversation[] {
  const all = new Map(known.map((one) => [one.id, one]))
  for (const one of page) if ((all.get(one.id)?.head ?? 0) <= one.head) all.set(one.id, one)
  return order([...all.values()])
}
