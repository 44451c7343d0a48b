import { writtenFrom } from '../deafness.ts'
import { bodyPattern, type Received } from '../history.ts'
import type { Operation } from '../operations.ts'
import { type Run, underFault } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I9: once a message is deleted no read returns its text, and nothing that is kept holds it. */
export function* deletes(run: Run): Iterable<Violation> {
  const deletedAt = deletionTimes(run)
  const asked = new Map<string, number>()
  for (const record of run.history) {
    if (record.type === 'asked') asked.set(`${record.socket} ${record.conversation}`, record.at)
    else if (record.type === 'received' && typeof record.body === 'string') {
      yield* textAfterDeletion(run, record, asked, deletedAt)
    }
  }
  for (const operation of run.operations) yield* readAfterDeletion(operation, deletedAt)
  yield* textKept(run)
}

/** By when a message was deleted for certain: the first acknowledged deletion of it. */
function deletionTimes({ operations }: Run): Map<string, number> {
  const times = new Map<string, number>()
  for (const { kind, outcome, message, end } of operations) {
    if (kind !== 'delete' || outcome !== 'ok' || !message || !end) continue
    times.set(message, Math.min(end.at, times.get(message) ?? end.at))
  }
  return times
}

function* textAfterDeletion(
  run: Run,
  frame: Received,
  asked: Map<string, number>,
  deletedAt: Map<string, number>
): Iterable<Violation> {
  const { messages, sockets, tolerances } = run
  const message = messages.get(frame.subject ?? '')
  if (!message?.deleted) return
  if (frame.seq !== undefined && frame.prev !== undefined && frame.seq >= message.changed_seq)
    yield {
      invariant: 'I9',
      what: 'a frame from after a deletion has the text',
      evidence: { frame, message }
    }
  // A live frame may overtake the answer to the deletion; a read that began after that answer may not have the text.
  const from = asked.get(`${frame.socket} ${frame.conversation}`) ?? sockets.get(frame.socket)?.asked_at
  const deleted_at = deletedAt.get(message.id)
  if (from === undefined || deleted_at === undefined) return
  // A gateway that was not told yet replays from what it holds: until the beat, or, cut off, until it falls silent.
  const { revocation, revocation_cut_off } = tolerances
  const grace = underFault(run, deleted_at, from) ? revocation_cut_off : revocation
  if (writtenFrom(run.deafness, frame) > deleted_at + grace && from > deleted_at)
    yield {
      invariant: 'I9',
      what: 'a replay asked for after a deletion has the text',
      evidence: { frame, from, deleted_at }
    }
}

function* readAfterDeletion(operation: Operation, deletedAt: Map<string, number>): Iterable<Violation> {
  const { kind, message, end, at } = operation
  const deleted_at = deletedAt.get(message ?? '')
  if (kind === 'get' && typeof end?.body === 'string' && deleted_at !== undefined && at > deleted_at)
    yield {
      invariant: 'I9',
      what: 'a read after a deletion has the text',
      evidence: { operation, deleted_at }
    }
}

/** The texts of tombstones, in whatever else was kept. Every text of a run has the shape of `bodyOf`. */
function* textKept({ truth, bodies }: Run): Iterable<Violation> {
  const gone = new Map<string, string>()
  for (const { id, deleted } of truth.messages) {
    if (deleted) for (const body of bodies.get(id) ?? []) gone.set(body, id)
  }
  for (const { where, text } of truth.texts ?? []) {
    for (const [body] of text.matchAll(bodyPattern)) {
      const id = gone.get(body)
      if (id) yield { invariant: 'I9', what: `${where} keeps a deleted text`, evidence: { id, body } }
    }
  }
}
