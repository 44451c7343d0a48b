import { lineKinds } from '../operations.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I11: after healing everything works again: operations are answered, and every client that wants to be connected is. */
export function* liveness(run: Run): Iterable<Violation> {
  const healed = run.history.find((record) => record.type === 'mark' && record.name === 'healed')
  if (!healed) return
  const after = run.operations.filter(({ at, kind }) => at > healed.at && kind in lineKinds)
  for (const operation of after) {
    if (operation.outcome === 'unknown')
      yield { invariant: 'I11', what: 'an operation after healing was not answered', evidence: operation }
  }
  if (!after.some(({ outcome }) => outcome === 'ok'))
    yield {
      invariant: 'I11',
      what: 'nothing was done after healing',
      evidence: { healed, after: after.length }
    }
  yield* connected(run)
}

function* connected(run: Run): Iterable<Violation> {
  const wanting = new Map<string, unknown>()
  for (const record of run.history) {
    if (record.type !== 'client') continue
    if (record.phase === 'start') wanting.set(record.client, record)
    else wanting.delete(record.client)
  }
  for (const { client, closed_at } of run.sockets.values()) if (closed_at > run.end) wanting.delete(client)
  for (const evidence of wanting.values())
    yield { invariant: 'I11', what: 'a client could not connect again', evidence }
}
