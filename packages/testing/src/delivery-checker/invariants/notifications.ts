import type { Received } from '../history.ts'
import type { Stay } from '../membership.ts'
import type { Run, Socket } from '../run.ts'
import type { Violation } from '../violation.ts'

/** A socket of `/ws/notifications/`, and what it was told, by conversation. */
interface Told {
  socket: Socket
  rooms: Map<string, Received[]>
}

/** I4 of notifications: of each message of others once per socket, and never of one's own doings. */
export function* notifiedOnce(run: Run): Iterable<Violation> {
  for (const { socket, rooms } of toldBySocket(run)) {
    const seen = new Set<string>()
    for (const frame of [...rooms.values()].flat()) {
      if (frame.user === socket.user && frame.frame === 'notification.new_message')
        yield { invariant: 'I4', what: 'somebody is notified of their own message', evidence: frame }
      if (frame.frame === 'notification.message_deleted' && deletedBy(run, frame) === socket.user)
        yield { invariant: 'I4', what: 'somebody is notified of their own deletion', evidence: frame }
      const key = `${frame.frame} ${frame.subject}`
      if (seen.has(key)) yield { invariant: 'I4', what: 'a notification comes twice', evidence: frame }
      seen.add(key)
    }
  }
}

function deletedBy({ lines }: Run, { conversation, seq }: Received): string | undefined {
  return lines.get(conversation ?? '')?.entries.get(seq ?? 0)?.actor
}

/**
 * I6 of notifications: an open socket was told of every message of others since the first it was told of, as long as its user was a
 * member. A message that was deleted before it was told of is told of as deleted.
 */
export function* notifiedOfAll(run: Run): Iterable<Violation> {
  const byConversation = Map.groupBy(run.truth.messages, ({ conversation }) => conversation)
  for (const { socket, rooms } of toldBySocket(run)) {
    if (socket.closed_at <= run.end) continue
    for (const [conversation, frames] of rooms) {
      const stay = run.memberships.get(conversation)?.get(socket.user)?.at(-1)
      const from = beginOf(frames, stay)
      const told = new Set(frames.map(({ subject }) => subject))
      for (const message of byConversation.get(conversation) ?? []) {
        if (message.seq <= from || message.sender === socket.user || told.has(message.id)) continue
        // Who deletes a message before its notification is out knows of it.
        if (message.deleted) continue
        yield { invariant: 'I6', what: 'a notification is missing', evidence: { socket, message } }
      }
    }
  }
}

/** From where on everything has to be told: nowhere for who is no member at the end. */
function beginOf(frames: readonly Received[], stay: Stay | undefined): number {
  const first = frames.find(({ frame }) => frame === 'notification.new_message')?.message_seq
  if (!stay || stay.to !== Number.POSITIVE_INFINITY || first === undefined) return Number.POSITIVE_INFINITY
  return Math.max(first, stay.from)
}

function toldBySocket({ sockets, received }: Run): Told[] {
  const told = new Map<number, Told>()
  for (const socket of sockets.values()) {
    if (socket.dialect === 'notifications') told.set(socket.socket, { socket, rooms: new Map() })
  }
  for (const frame of received) {
    const to = told.get(frame.socket)
    if (!to || frame.conversation === undefined) continue
    const frames = to.rooms.get(frame.conversation) ?? []
    to.rooms.set(frame.conversation, frames)
    frames.push(frame)
  }
  return [...told.values()]
}
