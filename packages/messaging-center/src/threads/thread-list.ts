import type { Message, Thread } from '@parley/contracts'

/** A thread that is not in the list, which has to be read again. */
export const UNKNOWN = 'unknown'

/** The list after a reply was sent: its thread is first now, with one more, unread where it is somebody else's. */
export function withReply(
  threads: readonly Thread[],
  { id: message_id, seq, sender, created_at, thread_id }: Message,
  me: string
): readonly Thread[] | typeof UNKNOWN {
  const thread = threads.find(({ root }) => root.id === thread_id)
  if (!thread) return UNKNOWN
  const { root } = thread
  if ((root.thread?.last_reply?.seq ?? 0) >= seq) return threads
  const summary = {
    reply_count: (root.thread?.reply_count ?? 0) + 1,
    last_reply: { message_id, seq, sender, created_at },
    changed_seq: seq
  }
  const unread_count = thread.unread_count + (sender.id === me || seq <= thread.read_seq ? 0 : 1)
  const changed = { ...thread, unread_count, root: { ...root, thread: summary } }
  return [changed, ...threads.filter((one) => one !== thread)]
}

/** The list after its root was edited or deleted. What is said about the thread itself comes with its replies. */
export function withRoot(threads: readonly Thread[], message: Message): readonly Thread[] {
  return threads.map((thread) => {
    if (thread.root.id !== message.id) return thread
    const { thread: summary } = thread.root
    return { ...thread, root: summary ? { ...message, thread: summary } : message }
  })
}

/** The list after somebody has read a thread so far; unknown where only the server can tell what is left. */
export function withRead(
  threads: readonly Thread[],
  thread_id: string,
  seq: number
): readonly Thread[] | typeof UNKNOWN {
  const thread = threads.find(({ root }) => root.id === thread_id)
  if (!thread) return threads
  if ((thread.root.thread?.last_reply?.seq ?? 0) > seq) return UNKNOWN
  return threads.map((one) => (one === thread ? { ...one, read_seq: seq, unread_count: 0 } : one))
}
