import type { Received } from '../history.ts'
import type { Run, Socket } from '../run.ts'
import type { Violation } from '../violation.ts'

/** The first and last messages that a socket of the simple dialect showed, and all ids. */
interface Shown {
  socket: Socket
  ids: Set<string>
  created: Received[]
}

/**
 * The simple dialect has no `prev`: on each of its sockets new messages come once and in order, and none is missing between the
 * place asked for (or the first one shown) and the last one shown.
 */
export function* simpleExactlyOnce(run: Run): Iterable<Violation> {
  for (const { socket, ids, created } of shownBySocket(run)) {
    const seen = new Set<string>()
    let last: Received | undefined
    for (const frame of created) {
      if (seen.has(frame.subject ?? ''))
        yield { invariant: 'I4', what: 'a simple socket shows a message as new twice', evidence: frame }
      else if (last && (frame.message_seq ?? 0) < (last.message_seq ?? 0) && !hasChanged(run, frame))
        yield {
          invariant: 'I5',
          what: 'a simple socket shows new messages out of order',
          evidence: { last, frame }
        }
      seen.add(frame.subject ?? '')
      last = frame
    }
    yield* missing(run, socket, ids, created)
  }
}

/** A replay is compacted: it shows a message that was edited meanwhile where its last change put it. */
function hasChanged({ lines }: Run, { conversation, message_seq }: Received): boolean {
  return lines.get(conversation ?? '')?.entries.get(message_seq ?? 0)?.next !== undefined
}

function* missing(run: Run, socket: Socket, ids: Set<string>, created: Received[]): Iterable<Violation> {
  const from = socket.since ?? (created[0]?.message_seq ?? 0) - 1
  const to = created.at(-1)?.message_seq ?? 0
  for (const message of run.truth.messages) {
    if (message.conversation !== socket.conversation || ids.has(message.id)) continue
    // One that changed after the socket's last frame may be shown as changed only, which this socket did not live to see.
    if (message.seq > from && message.seq < to && message.changed_seq <= to)
      yield { invariant: 'I4', what: 'a simple socket skipped a message', evidence: { socket, message } }
  }
}

export function shownBySocket({ sockets, received }: Run): Shown[] {
  const shown = new Map<number, Shown>()
  for (const socket of sockets.values()) {
    if (socket.dialect === 'simple') shown.set(socket.socket, { socket, ids: new Set(), created: [] })
  }
  for (const frame of received) {
    const to = shown.get(frame.socket)
    if (!to || frame.subject === undefined) continue
    to.ids.add(frame.subject)
    if (frame.frame === 'message') to.created.push(frame)
  }
  return [...shown.values()]
}
