import { writtenFrom } from '../deafness.ts'
import type { Received } from '../history.ts'
import { type Stay, surelyAway } from '../membership.ts'
import type { Operation } from '../operations.ts'
import { isDurable } from '../replay.ts'
import { type Run, type Socket, underFault } from '../run.ts'
import type { Violation } from '../violation.ts'

/**
 * I7: every frame is one its reader was allowed when it was read; nothing is read or pushed between a removal and a re-adding, and
 * nothing tells an outsider that there is something.
 */
export function* noLeak(run: Run): Iterable<Violation> {
  const asked = subscriptionTimes(run)
  for (const frame of run.received) {
    const socket = run.sockets.get(frame.socket)
    if (!socket || frame.conversation === undefined) continue
    const stays = run.memberships.get(frame.conversation)?.get(socket.user)
    const evidence = { frame, user: socket.user, stays }
    if (frame.frame === 'error') {
      yield* telling(frame, socket, stays)
    } else if (frame.frame !== 'unsubscribed' && frame.frame !== 'ack') {
      if (!allowedAt(stays, placeOf(frame), frame.at))
        yield { invariant: 'I7', what: 'a frame beyond a removal', evidence }
      const since = asked.get(frame) ?? socket.asked_at
      if (surelyAway(stays, since, frame.at))
        yield { invariant: 'I7', what: 'an outsider is served', evidence }
      if (!hasPlace(frame) && isLateVolatile(run, frame, stays))
        yield { invariant: 'I7', what: 'a volatile frame after a removal', evidence }
    }
  }
  for (const operation of run.operations) yield* byOutsider(run, operation)
  yield* actorsAreMembers(run)
}

/** A place is open to whoever was a member at it, or came back after it and read it then. */
function allowedAt(stays: readonly Stay[] | undefined, seq: number, at: number): boolean {
  return (stays ?? []).some(
    ({ to, from, from_earliest }) => seq <= to && (from <= seq || at >= from_earliest)
  )
}

/**
 * Where on the line a frame is from; 0 for one that is not. Without `prev` (the simple dialect) a message's own place; `subscribed`
 * stands at its head.
 */
function placeOf(frame: Received): number {
  return (isDurable(frame) ? frame.seq : (frame.message_seq ?? frame.head)) ?? 0
}

/** It belongs to what a removed member gets up to its removal, however late it reads. */
function hasPlace({ seq, head, message_seq }: Received): boolean {
  return (seq ?? head ?? message_seq) !== undefined
}

function isLateVolatile(run: Run, frame: Received, stays: readonly Stay[] | undefined): boolean {
  const at = writtenFrom(run.deafness, frame)
  const { revocation, revocation_cut_off } = run.tolerances
  const grace = underFault(run, at - revocation_cut_off, at) ? revocation_cut_off : revocation
  // It may have been written at any time until it was read.
  return surelyAway(stays, at - grace, frame.at)
}

/** Codes that say the same of what is hidden and of what is not there; the first four are the client's own. */
const oracleFree = new Set([
  'not_connected',
  'stopped',
  'signed_out',
  'shut_out',
  'not_found',
  'not_subscribed',
  'unauthenticated',
  'rate_limited',
  'unavailable',
  'overloaded',
  'internal'
])

function* telling(
  frame: Received,
  { user, asked_at }: Socket,
  stays: Stay[] | undefined
): Iterable<Violation> {
  if (oracleFree.has(frame.code ?? '') || !surelyAway(stays, asked_at, frame.at)) return
  yield {
    invariant: 'I7',
    what: 'an error tells an outsider that there is something',
    evidence: { frame, user }
  }
}

/** When each frame's room was asked for on its socket: the last time before it. */
function subscriptionTimes(run: Run): Map<Received, number> {
  const last = new Map<string, number>()
  const times = new Map<Received, number>()
  for (const record of run.history) {
    if (record.type === 'asked') {
      const { socket, conversation, at } = record
      if (conversation) last.set(`${socket} ${conversation}`, at)
    } else if (record.type === 'received' && record.conversation) {
      const at = last.get(`${record.socket} ${record.conversation}`)
      if (at !== undefined) times.set(record, at)
    }
  }
  return times
}

const needsMembership = new Set(['send', 'edit', 'delete', 'react', 'unreact', 'add', 'remove', 'get'])

function* byOutsider({ memberships }: Run, operation: Operation): Iterable<Violation> {
  const { kind, conversation, user, at, end, outcome } = operation
  if (!conversation || !end || !needsMembership.has(kind) || outcome === 'unknown') return
  if (!surelyAway(memberships.get(conversation)?.get(user), at, end.at)) return
  if (outcome === 'ok') yield { invariant: 'I7', what: `an outsider's ${kind} was done`, evidence: operation }
  else if (!oracleFree.has(end.code ?? ''))
    yield {
      invariant: 'I7',
      what: `a refused ${kind} tells an outsider more than not_found`,
      evidence: operation
    }
}

/** Whoever made a place on the line was a member there; a conversation's creator makes its first ones. */
function* actorsAreMembers({ lines, memberships, operations }: Run): Iterable<Violation> {
  const base = new Map(
    operations
      .filter(({ kind }) => kind === 'create')
      .map(({ conversation, end }) => [conversation, end?.seq ?? 0])
  )
  for (const { conversation, entries } of lines.values()) {
    for (const entry of entries.values()) {
      const stays = memberships.get(conversation)?.get(entry.actor) ?? []
      const was = stays.some(({ from, to }) => from < entry.seq && entry.seq <= to)
      const founding = entry.kind === 'member.added' && entry.seq <= (base.get(conversation) ?? 0)
      if (!was && !founding)
        yield {
          invariant: 'I7',
          what: 'a change by someone who was no member',
          evidence: { conversation, entry, stays }
        }
    }
  }
}
