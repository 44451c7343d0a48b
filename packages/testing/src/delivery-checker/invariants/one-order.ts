import type { Received } from '../history.ts'
import { type DurableReceived, isDurable, type View, wasPassed } from '../replay.ts'
import type { Run } from '../run.ts'
import type { TruthMessage } from '../truth.ts'
import type { Violation } from '../violation.ts'

/** I5: everything received is on the line, intact; after healing everyone's list is that of the database. */
export function* oneOrder(run: Run): Iterable<Violation> {
  for (const frame of run.received) {
    if (isDurable(frame)) yield* onTheLine(run, frame)
    yield* intact(run, frame)
  }
  const byConversation = Map.groupBy(run.truth.messages, ({ conversation }) => conversation)
  for (const view of run.replay.views) yield* sameList(run, view, byConversation.get(view.conversation) ?? [])
}

/** A frame names the row that stands at its number; its type follows from the row. */
function* onTheLine({ lines }: Run, frame: DurableReceived): Iterable<Violation> {
  const entry = lines.get(frame.conversation)?.entries.get(frame.seq)
  if (!entry || entry.subject !== frame.subject || !(frameKinds[frame.frame] ?? []).includes(entry.kind))
    yield { invariant: 'I5', what: 'a frame is not on the line', evidence: { frame, entry } }
}

const frameKinds: Record<string, string[]> = {
  message: ['message.created'],
  message_edited: ['message.edited', 'message.reacted', 'message.pinned', 'message.unpinned'],
  message_deleted: ['message.deleted'],
  reaction: ['message.reacted'],
  member_added: ['member.added'],
  // A row says only that its member was added and changed; a page shows the role change of a member as one or the other.
  member_changed: ['member.changed', 'member.added'],
  member_removed: ['member.removed'],
  conversation_changed: ['conversation.changed'],
  conversation_deleted: ['conversation.deleted']
}

function* intact({ bodies, messages }: Run, frame: Received): Iterable<Violation> {
  if (frame.subject === undefined || frame.message_seq === undefined) return
  const message = messages.get(frame.subject)
  const { conversation, sender, seq } = message ?? {}
  if (
    conversation !== frame.conversation ||
    seq !== frame.message_seq ||
    (frame.user && frame.user !== sender)
  )
    yield { invariant: 'I5', what: 'a message that is not in the log', evidence: { frame, message } }
  else if (typeof frame.body === 'string' && !bodies.get(frame.subject)?.has(frame.body))
    yield { invariant: 'I5', what: 'a text that was never that message', evidence: { frame, message } }
}

/** What the client has is what the database has, as far as the cursor went and nothing was passed over by wish. */
function* sameList(run: Run, view: View, messages: readonly TruthMessage[]): Iterable<Violation> {
  const cursor = view.cursor ?? 0
  for (const message of messages) {
    if (message.changed_seq > cursor || wasPassed(view, message.changed_seq)) continue
    if (lacksByWish(run, view, message)) continue
    const seen = view.messages.get(message.id)
    if (!seen)
      yield {
        invariant: 'I5',
        what: 'a client lacks a message',
        evidence: { client: view.client, cursor, message }
      }
    else if (seen.seq !== message.seq || seen.body !== message.body)
      yield {
        invariant: 'I5',
        what: 'a client has another message',
        evidence: { client: view.client, seen, message }
      }
  }
  for (const [id] of view.messages) {
    const message = run.messages.get(id)
    if (message?.conversation !== view.conversation)
      yield { invariant: 'I5', what: 'a client has a phantom', evidence: { client: view.client, id } }
  }
}

/** A live reaction does not carry its message: who passed over the message before does not have it. */
function lacksByWish({ lines }: Run, view: View, { conversation, seq, changed_seq }: TruthMessage): boolean {
  const last = lines.get(conversation)?.entries.get(changed_seq)
  return last?.kind === 'message.reacted' && view.passed.some(({ to }) => to >= seq)
}
