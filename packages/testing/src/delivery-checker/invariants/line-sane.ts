import type { NumberLine } from '../number-line.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I1: the numbers of a conversation are exactly 1..last_seq, each row stands where its last change put it, keys are unique. */
export function* lineSane(run: Run): Iterable<Violation> {
  for (const line of run.lines.values()) yield* denseLine(line)
  yield* rowsAtTheirLastChange(run)
  const keys = new Set<string>()
  for (const message of run.truth.messages) {
    if (message.client_id === null) continue
    const key = `${message.conversation} ${message.sender} ${message.client_id}`
    if (keys.has(key)) yield { invariant: 'I1', what: 'a client_id has two messages', evidence: message }
    keys.add(key)
  }
}

function* denseLine({ conversation, last_seq, entries, collisions }: NumberLine): Iterable<Violation> {
  for (const entry of collisions)
    yield { invariant: 'I1', what: 'a number was given twice', evidence: { conversation, entry } }
  for (let seq = 1; seq <= last_seq; seq++) {
    if (!entries.has(seq))
      yield { invariant: 'I1', what: 'a number is missing', evidence: { conversation, seq, last_seq } }
  }
  for (const entry of entries.values()) {
    if (entry.seq < 1 || entry.seq > last_seq)
      yield {
        invariant: 'I1',
        what: 'a number is beyond the head',
        evidence: { conversation, entry, last_seq }
      }
  }
}

function* rowsAtTheirLastChange({ truth, lines }: Run): Iterable<Violation> {
  const rows = [
    ...truth.messages.map(({ conversation, id, changed_seq }) => ({
      conversation,
      subject: id,
      changed_seq
    })),
    ...truth.members.map(({ conversation, user, changed_seq }) => ({
      conversation,
      subject: user,
      changed_seq
    }))
  ]
  for (const row of rows) {
    const entry = lines.get(row.conversation)?.entries.get(row.changed_seq)
    if (entry?.subject !== row.subject || entry.next !== undefined)
      yield { invariant: 'I1', what: 'a row is not where its last change is', evidence: { row, entry } }
  }
  for (const { id, conversation, deleted, body } of truth.messages) {
    if (deleted && body !== null)
      yield { invariant: 'I1', what: 'a tombstone has a body', evidence: { id, conversation } }
  }
  yield* deletionsNoted({ truth, lines })
}

/** A tombstone without its change is a deletion nobody was told of. */
function* deletionsNoted({ truth, lines }: Pick<Run, 'truth' | 'lines'>): Iterable<Violation> {
  for (const message of truth.messages) {
    const entry = lines.get(message.conversation)?.entries.get(message.changed_seq)
    if (message.deleted && entry?.kind !== 'message.deleted')
      yield { invariant: 'I1', what: 'a deletion is not on the line', evidence: { message, entry } }
  }
}
