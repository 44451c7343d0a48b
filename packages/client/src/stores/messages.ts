import type { Message } from '@parley/contracts'
import type { Client } from '../client.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { followMessages } from './message-events.ts'
import { createMoves } from './message-moves.ts'
import { pageReader } from './message-pages.ts'
import type { End, MessageWindow } from './message-window.ts'
import { createStore, type Store } from './store.ts'

/** One conversation as it is shown: a stretch of what was said, ascending by `message.seq`, then what is on its way. */
export interface Messages extends MessageWindow {
  /** `loading`: there is nothing to show yet. `failed`: what `reading` says could not be read; what was there before still is. */
  status: 'loading' | 'ready' | 'failed'
  /** What is being read, or with `failed` what could not be: the page at either end, or another place. */
  reading?: End | 'place'
  error?: unknown
  /** Not sent yet, or failed. One that was sent stays until its message is there. */
  outgoing: readonly OutboxEntry[]
  /** How many messages of others came meanwhile that are beyond the last one here. */
  beyond: number
  /** Everything up to here is known, though not all of it is shown. */
  head: number
  /** With `thread_id`: the message that the thread is about, and how far I had read it when it was first read. */
  root?: Message
  read_seq?: number
}

export interface MessagesOptions {
  /** How many messages are read at once. Default: 50. */
  limit?: number | undefined
  /** How many messages are kept at most, at least twice as many as `limit`. Default: all that were read. */
  window?: number | undefined
  /** Begins around the message with this seq. Default: at the newest. */
  at?: number | undefined
  /** Only the replies in the thread of this message. */
  thread_id?: string | undefined
  /** `apart` leaves out replies in threads. Default: `among` the others. */
  replies?: 'among' | 'apart' | undefined
}

/** What reads resolves when it is there or has failed, which the state says. */
export interface MessagesStore extends Store<Messages> {
  /** Reads the page before the first message; several calls at once are one. */
  loadOlder(): Promise<void>
  /** Reads the page after the last message; several calls at once are one. */
  loadNewer(): Promise<void>
  /** Reads what is around the message with this seq, where it is not there already. */
  jumpTo(seq: number): Promise<void>
  /** Reads the newest page, where it is not there already. */
  toNewest(): Promise<void>
  /** Tries again what failed. */
  retry(): Promise<void>
}

const empty: Messages = {
  status: 'loading',
  messages: [],
  outgoing: [],
  has_older: true,
  has_newer: false,
  beyond: 0,
  head: 0
}

/**
 * A conversation, or one of its threads, through a window that can be moved, and whatever happens to what is in it. What comes
 * while the window is not at the newest message is not put in, only known to be there.
 *
 * @example
 * const store = messagesStore(parley, id, { limit: 60, window: 300, replies: 'apart' })
 * await store.jumpTo(120)
 */
export function messagesStore(
  client: Client,
  conversation_id: string,
  { limit = 50, window = Infinity, at, thread_id, replies = 'among' }: MessagesOptions = {}
): MessagesStore {
  const isHere = (thread: string | null | undefined) =>
    thread_id === undefined ? replies === 'among' || !thread : thread === thread_id
  let set: (change: (before: Messages) => Messages) => void = () => undefined
  const { open, readAgain, whenRead, hear, ...moves } = createMoves({
    read: pageReader(client, conversation_id, thread_id),
    isShown: (message) => isHere(message.thread_id),
    isMine: (message) => message.sender.id === client.me?.id,
    limit,
    room: Math.max(window, 2 * limit),
    get: () => store.get(),
    set: (change) => set(change)
  })
  const store = createStore(empty, (change) => {
    set = change
    const isOutgoing = ({ content }: OutboxEntry) => isHere(content.thread_id)
    // What was shown before may have become patchy while nobody looked.
    set(() => ({ ...empty, outgoing: client.outbox.entries(conversation_id).filter(isOutgoing) }))
    const reading = { readAgain, whenRead, hear }
    const stop = followMessages(client, conversation_id, { get: store.get, set, isOutgoing, ...reading })
    void open(at)
    return stop
  })
  return { ...store, ...moves }
}
