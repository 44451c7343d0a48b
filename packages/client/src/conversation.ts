import type { ClientFrames, Conversation, Member, Message, MessagePage } from '@parley/contracts'
import type { Command } from './commands.ts'
import type { OutgoingFrame } from './connection/transport.ts'
import type { Emitter, Off } from './emitter.ts'
import type { ClientEvents, EventName } from './events.ts'
import type { Content, Outbox, Sending } from './outbox/outbox.ts'
import type { Params, Rest } from './rest/rest.ts'
import { streamOf } from './stream.ts'

export interface ConversationHandle {
  readonly id: string
  get(): Promise<Conversation>
  members(): AsyncIterableIterator<Member>
  /** A page of what was said, ascending; the newest without `before` or `after`. */
  history(page?: { before?: number; after?: number; limit?: number }): Promise<MessagePage>
  /** New messages from now on, each once, ascending. */
  messages(options?: { signal?: AbortSignal }): AsyncIterableIterator<Message>
  /** Queues a message at once; see {@link Outbox}. */
  send(content: string | Content, options?: { client_id?: string }): Sending
  edit(message_id: string, body: string): Promise<void>
  delete(message_id: string): Promise<void>
  react(message_id: string, emoji: string): Promise<void>
  unreact(message_id: string, emoji: string): Promise<void>
  pin(message_id: string): Promise<void>
  unpin(message_id: string): Promise<void>
  /** I have read up to here; it never goes back. */
  read(seq: number): Promise<void>
  /** I am writing, or not any more. Lost without a connection. */
  typing(on: boolean): void
  on<N extends EventName>(name: N, listener: (event: ClientEvents[N]) => void): Off
  /** Follows it, from `since` (0: from its beginning) or from now; goes on over reconnects. */
  subscribe(options?: { since?: number }): void
  unsubscribe(): void
}

export interface ConversationServices {
  rest: Rest
  emitter: Emitter<ClientEvents>
  outbox: Outbox
  newId: () => string
  /** Tried until its outcome is known. */
  run(command: Command): Promise<void>
  say(frame: OutgoingFrame): void
  subscribe(id: string, since: number | undefined): void
  unsubscribe(id: string): void
}

export function createConversation(id: string, services: ConversationServices): ConversationHandle {
  const { rest, emitter, outbox, newId, run } = services
  const on: ConversationHandle['on'] = (name, listener) =>
    emitter.on(name, (event) => {
      if ((event as { conversation_id?: string }).conversation_id === id) listener(event)
    })
  const about = <T extends 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin'>(
    type: T,
    fields: Omit<ClientFrames[T], 'type' | 'ref' | 'conversation_id' | 'client_id'>
  ) => run({ type, conversation_id: id, client_id: newId(), ...fields } as Command)
  return {
    id,
    get: () => rest('GET conversations/{conversation_id}/', { conversation_id: id }),
    members: () =>
      pages((page) => rest('GET conversations/{conversation_id}/members/', { conversation_id: id, ...page })),
    history: (page = {}) => {
      const params: Params<'GET conversations/{conversation_id}/messages/'> = { conversation_id: id, ...page }
      return rest('GET conversations/{conversation_id}/messages/', params)
    },
    messages: ({ signal } = {}) => streamOf((push) => on('message', ({ message }) => push(message)), signal),
    send: (content, { client_id = newId() } = {}) =>
      outbox.add(id, typeof content === 'string' ? { body: content } : content, client_id),
    edit: (message_id, body) => about('edit', { message_id, body }),
    delete: (message_id) => about('delete', { message_id }),
    react: (message_id, emoji) => about('react', { message_id, emoji }),
    unreact: (message_id, emoji) => about('unreact', { message_id, emoji }),
    pin: (message_id) => about('pin', { message_id }),
    unpin: (message_id) => about('unpin', { message_id }),
    read: (seq) => run({ type: 'read', conversation_id: id, seq }),
    typing: (isOn) => services.say({ type: 'typing', conversation_id: id, on: isOn }),
    on,
    subscribe: ({ since } = {}) => services.subscribe(id, since),
    unsubscribe: () => services.unsubscribe(id)
  }
}

/** Every item of every page, one page at a time. */
export async function* pages<T>(
  read: (page: { cursor?: string; limit: number }) => Promise<{ items: T[]; next_cursor: string | null }>
): AsyncGenerator<T, void> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await read({ limit: 200, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.items
    cursor = page.next_cursor
  }
}
