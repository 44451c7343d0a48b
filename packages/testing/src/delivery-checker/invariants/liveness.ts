import { isTemporary, type ProblemCode, problems } from '@parley/contracts'
import { lineKinds } from '../operations.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I11: after healing everything works again: operations are answered, and every client that wants to be connected is. */
export function* liveness(run: Run): Iterable<Violation> {
  yield* turnedAway(run)
  const healed = run.history.find((record) => record.type === 'mark' && record.name === 'healed')
  if (!healed) return
  const after = run.operations.filter(({ at, kind }) => at > healed.at && kind in lineKinds)
  for (const operation of after) {
    if (operation.outcome === 'unknown' && !wasAnswered(operation) && !wasSignedOut(run, operation))
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

/** Nobody is turned away who may stay. */
function* turnedAway(run: Run): Iterable<Violation> {
  for (const record of run.history) {
    if (record.type !== 'client' || record.code === undefined) continue
    const { code, session, user, at } = record
    const causes = run.operations.filter((operation) => operation.at <= at && operation.outcome !== 'fail')
    const ended = causes.some(
      ({ kind, subject }) => kind !== 'remove' && kind !== 'add' && (subject === session || subject === user)
    )
    const removed = causes.some(({ kind, subject }) => kind === 'remove' && subject === user)
    const fits = code === 401 || code === 4501 ? ended : code === 404 || code === 4503 ? removed : false
    if (!fits) yield { invariant: 'I11', what: 'a client was turned away for no reason', evidence: record }
  }
}

/** Its last attempt got a definite answer, only nobody knows of an earlier one. The old dialect has no key, and so one attempt only. */
function wasAnswered({ end, kind, via, client_id }: Run['operations'][number]): boolean {
  const code = end?.code ?? ''
  const once = kind === 'send' && via === 'socket' && client_id === undefined
  return code in problems && (once || !isTemporary(code as ProblemCode))
}

function wasSignedOut({ operations }: Run, { session, user, end }: Run['operations'][number]): boolean {
  return operations.some(
    ({ kind, subject, at }) =>
      (kind === 'logout' || kind === 'revoke'
        ? subject === session
        : (kind === 'disable' || kind === 'password') && subject === user) &&
      at < (end?.at ?? Number.POSITIVE_INFINITY)
  )
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
