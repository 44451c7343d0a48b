import { lineKinds, type Operation } from '../operations.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I3: what was acknowledged before another was asked for stands before it on the line. */
export function* realTimeOrder({ operations, lines }: Run): Iterable<Violation> {
  const made = operations.filter((operation) => isFresh(operation, lines))
  for (const [, mine] of Map.groupBy(made, ({ conversation }) => conversation)) {
    const ended = mine.toSorted((a, b) => endOf(a) - endOf(b))
    let next = 0
    let highest: Operation | undefined
    for (const operation of mine.toSorted((a, b) => a.at - b.at)) {
      for (let before = ended[next]; before && endOf(before) < operation.at; before = ended[++next]) {
        if (seqOf(before) > seqOf(highest)) highest = before
      }
      if (highest && seqOf(highest) >= seqOf(operation) && !sameDeletion(highest, operation))
        yield {
          invariant: 'I3',
          what: 'a later operation stands before an earlier one',
          evidence: { earlier: highest, later: operation }
        }
    }
  }
}

/** It has a place of its own: nothing-to-do answers with another operation's. */
function isFresh({ kind, user, conversation, outcome, end }: Operation, lines: Run['lines']): boolean {
  if (outcome !== 'ok' || end?.seq === undefined || !conversation) return false
  const entry = lines.get(conversation)?.entries.get(end.seq)
  if (kind === 'send') return true
  // An edit that is answered with an earlier edit's place cannot be told apart from that one by the line.
  return kind === 'delete' && entry?.kind === lineKinds.delete && entry?.actor === user && !end.replay
}

/** The second deletion of a message is answered with the first one's place. */
function sameDeletion(a: Operation, b: Operation): boolean {
  return a.kind === 'delete' && b.kind === 'delete' && a.message === b.message
}

function endOf({ end }: Operation): number {
  return end?.at ?? Number.POSITIVE_INFINITY
}

function seqOf(operation: Operation | undefined): number {
  return operation?.end?.seq ?? 0
}
