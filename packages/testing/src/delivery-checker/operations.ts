import type { Completed, HistoryRecord, Invoked } from './history.ts'

/** One intent from its first attempt to its outcome. Without an outcome in the history it is unknown. */
export interface Operation extends Invoked {
  outcome: 'ok' | 'fail' | 'unknown'
  end: Completed | undefined
}

export function operationsOf(history: readonly HistoryRecord[]): Operation[] {
  const operations = new Map<number, Operation>()
  for (const record of history) {
    if (record.type === 'invoked') {
      operations.set(record.op, { ...record, outcome: 'unknown', end: undefined })
    } else if (record.type === 'ok' || record.type === 'fail' || record.type === 'unknown') {
      const operation = operations.get(record.op)
      if (!operation) throw new Error(`operation ${record.op} ends but was never invoked`)
      operation.outcome = record.type
      operation.end = record
      operation.conversation ??= record.conversation
    }
  }
  return [...operations.values()]
}

/** What each kind of operation leaves on the number line. */
export const lineKinds: Partial<Record<Invoked['kind'], string>> = {
  send: 'message.created',
  edit: 'message.edited',
  delete: 'message.deleted',
  react: 'message.reacted',
  unreact: 'message.reacted',
  add: 'member.added',
  remove: 'member.removed'
}

/** The row an operation on a line is about. */
export function subjectOf({ kind, message, subject, end }: Operation): string | undefined {
  if (kind === 'send') return end?.message
  return kind === 'add' || kind === 'remove' ? subject : message
}
