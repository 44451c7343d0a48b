import { lineKinds, type Operation, subjectOf } from '../operations.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I2: what was acknowledged is on the line at the seq that was told; what failed is not; what is unknown is there at most once. */
export function* noAcknowledgedLoss(run: Run): Iterable<Violation> {
  for (const operation of run.operations) {
    if (operation.outcome === 'ok') yield* acknowledged(run, operation)
  }
  yield* atMostAsAsked(run)
  yield* sentOnce(run)
}

function* acknowledged(run: Run, operation: Operation): Iterable<Violation> {
  const { conversation, end, kind } = operation
  if (!conversation || !(kind in lineKinds)) return
  const subject = subjectOf(operation)
  const line = run.lines.get(conversation)
  if (end?.seq === undefined) {
    const found = [...(line?.entries.values() ?? [])].some(
      (entry) => entry.subject === subject && entry.kind === lineKinds[kind]
    )
    if (!found)
      yield { invariant: 'I2', what: `an acknowledged ${kind} is not on the line`, evidence: operation }
    return
  }
  const entry = line?.entries.get(end.seq)
  // Where there was nothing to do (an edit to the same text), the seq told is that of the row's last change.
  const fits = entry?.subject === subject && (kind !== 'send' || entry?.kind === 'message.created')
  if (!entry || !fits) {
    yield {
      invariant: 'I2',
      what: `an acknowledged ${kind} is not where it was told`,
      evidence: { operation, entry }
    }
  } else if (kind === 'send' && run.sendOf.get(entry.subject) !== operation) {
    yield { invariant: 'I2', what: 'two sends were told the same place', evidence: { operation, entry } }
  }
}

/** Nothing happened more often than it was asked for and not refused. */
function* atMostAsAsked({ operations, lines }: Run): Iterable<Violation> {
  const asked = new Map<string, number>()
  const base = new Map<string, number>()
  for (const operation of operations) {
    const { conversation, kind, user, outcome, end } = operation
    if (kind === 'create' && conversation) base.set(conversation, end?.seq ?? 0)
    const lineKind = lineKinds[kind]
    if (!lineKind || kind === 'send' || outcome === 'fail') continue
    const key = `${conversation} ${lineKind} ${subjectOf(operation)} ${user}`
    asked.set(key, (asked.get(key) ?? 0) + 1)
  }
  for (const { conversation, entries } of lines.values()) {
    for (const entry of entries.values()) {
      if (!countedKinds.has(entry.kind) || entry.seq <= (base.get(conversation) ?? 0)) continue
      const key = `${conversation} ${entry.kind} ${entry.subject} ${entry.actor}`
      const left = (asked.get(key) ?? 0) - 1
      asked.set(key, left)
      if (left < 0)
        yield {
          invariant: 'I2',
          what: `${entry.kind} without an operation for it`,
          evidence: { conversation, entry }
        }
    }
  }
}

const countedKinds = new Set(Object.values(lineKinds).filter((kind) => kind !== 'message.created'))

function* sentOnce({ truth, sendOf }: Run): Iterable<Violation> {
  const made = new Map<Operation, string>()
  for (const message of truth.messages) {
    const send = sendOf.get(message.id)
    if (!send) {
      // A deleted message of the simple dialect has neither key nor text to be known by.
      if (message.client_id !== null || message.body !== null)
        yield { invariant: 'I2', what: 'a message that nobody sent', evidence: message }
      continue
    }
    if (made.has(send))
      yield {
        invariant: 'I2',
        what: 'one send made two messages',
        evidence: { send, messages: [made.get(send), message.id] }
      }
    made.set(send, message.id)
    if (send.outcome === 'fail')
      yield { invariant: 'I2', what: 'a send that failed is in the log', evidence: { send, message } }
  }
}
