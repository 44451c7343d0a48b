import { surelyMember } from '../membership.ts'
import type { Operation } from '../operations.ts'
import type { Run } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I10: what was acknowledged is there for whoever asks next, at any instance. */
export function* ackTruth(run: Run): Iterable<Violation> {
  const acknowledged = new Map<string, Operation>()
  const removals = Map.groupBy(
    run.operations.filter(({ kind, outcome }) => kind === 'remove' && outcome !== 'fail'),
    ({ conversation, subject }) => `${conversation} ${subject}`
  )
  for (const operation of run.operations) {
    const { kind, outcome, end } = operation
    if (kind === 'send' && outcome === 'ok' && end?.message) acknowledged.set(end.message, operation)
  }
  for (const read of run.operations) {
    const sent = read.kind === 'get' ? acknowledged.get(read.message ?? '') : undefined
    if (!sent?.end || read.at < sent.end.at || !read.end || !read.conversation) continue
    if (read.outcome === 'ok' && read.end.seq !== sent.end.seq)
      yield {
        invariant: 'I10',
        what: 'a read gives an acknowledged message another place',
        evidence: { sent, read }
      }
    if (read.outcome !== 'fail' || read.end.code !== 'not_found') continue
    const stays = run.memberships.get(read.conversation)?.get(read.user)
    const removed = removals.get(`${read.conversation} ${read.user}`) ?? []
    if (surelyMember(stays, removed, read.at, read.end.at))
      yield { invariant: 'I10', what: 'an acknowledged message cannot be read', evidence: { sent, read } }
  }
}
