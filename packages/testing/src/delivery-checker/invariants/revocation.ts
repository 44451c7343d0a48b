import { writtenFrom } from '../deafness.ts'
import type { Operation } from '../operations.ts'
import { type Run, type Socket, underFault } from '../run.ts'
import type { Violation } from '../violation.ts'

/** I8: an ended session's sockets fall silent within a second (15 s where the api cannot be reached), and REST refuses at once. */
export function* revocation(run: Run): Iterable<Violation> {
  const endings = run.operations.filter(({ kind, outcome }) => outcome === 'ok' && endsSessions.has(kind))
  if (endings.length === 0) return
  const received = Map.groupBy(run.received, ({ socket }) => socket)
  for (const ending of endings) {
    const ended_at = ending.end?.at ?? Number.POSITIVE_INFINITY
    for (const socket of run.sockets.values()) {
      if (!isEnded(run, ending, socket.user, socket.session)) continue
      const last = received.get(socket.socket)?.at(-1)
      const at = last ? writtenFrom(run.deafness, last) : ended_at
      if (last && at > ended_at + graceOf(run, ended_at, at) && socket.asked_at < ended_at)
        yield {
          invariant: 'I8',
          what: 'a frame after the session ended',
          evidence: { ending, last, late_ms: at - ended_at }
        }
      yield* stillOpen(run, ending, socket, ended_at)
    }
    yield* stillServed(run, ending, ended_at)
  }
}

const endsSessions = new Set(['logout', 'revoke', 'disable', 'password'])

/**
 * A logout and a revocation end one session; a disabled account and a changed password all that had begun (but the one that changed
 * it).
 */
function isEnded(
  { begun }: Run,
  { kind, subject, session, at }: Operation,
  user: string,
  of: string
): boolean {
  if (kind === 'logout' || kind === 'revoke') return of === subject
  return user === subject && of !== session && (begun.get(of) ?? 0) < at
}

function graceOf(run: Run, from: number, to: number): number {
  const { revocation, revocation_cut_off } = run.tolerances
  return underFault(run, from - revocation, to) ? revocation_cut_off : revocation
}

function* stillOpen(run: Run, ending: Operation, socket: Socket, ended_at: number): Iterable<Violation> {
  if (socket.asked_at > ended_at)
    yield { invariant: 'I8', what: 'a socket was opened by an ended session', evidence: { ending, socket } }
  else if (
    socket.asked_at < ended_at &&
    socket.closed_at > run.end &&
    run.end > ended_at + run.tolerances.revocation_cut_off
  )
    yield { invariant: 'I8', what: 'an ended session keeps its socket', evidence: { ending, socket } }
}

function* stillServed(run: Run, ending: Operation, ended_at: number): Iterable<Violation> {
  for (const operation of run.operations) {
    const { session, user, via, at, outcome } = operation
    if (via !== 'rest' || outcome !== 'ok' || at < ended_at || session === undefined) continue
    if (isEnded(run, ending, user, session))
      yield { invariant: 'I8', what: 'REST served an ended session', evidence: { ending, operation } }
  }
}
