import type { HistoryRecord } from '../history.ts'
import type { View } from '../replay.ts'
import type { Run, Socket } from '../run.ts'
import type { Violation } from '../violation.ts'
import { notifiedOfAll } from './notifications.ts'
import { shownBySocket } from './simple-exactly-once.ts'

/** I6: when all has healed and settled, every live subscriber is at the head. */
export function* complete(run: Run): Iterable<Violation> {
  const live = liveSubscriptions(run)
  const views = new Map(run.replay.views.map((view) => [`${view.client} ${view.conversation}`, view]))
  for (const [key, { client, conversation }] of live) {
    const line = run.lines.get(conversation)
    const view = views.get(key)
    if (line && view?.cursor !== line.last_seq)
      yield {
        invariant: 'I6',
        what: 'a live subscriber is not at the head',
        evidence: { client, conversation, cursor: view?.cursor, head: line.last_seq }
      }
  }
  yield* simpleComplete(run)
  yield* notifiedOfAll(run)
  yield* everyDoorbell(run)
}

/** Sockets find out by the beat what no event told them; consumers of the stream do not. */
function* everyDoorbell(run: Run): Iterable<Violation> {
  const rung = new Set(
    run.history.flatMap((record) => (record.type === 'rung' ? [`${record.conversation} ${record.seq}`] : []))
  )
  if (rung.size === 0) return
  for (const { conversation, entries } of run.lines.values()) {
    for (const entry of entries.values()) {
      if (!rung.has(`${conversation} ${entry.seq}`))
        yield { invariant: 'I6', what: 'a change that no event told of', evidence: { conversation, entry } }
    }
  }
}

function* simpleComplete(run: Run): Iterable<Violation> {
  for (const { socket, ids, created } of shownBySocket(run)) {
    if (!isOpen(run, socket) || !isMember(run, socket.conversation, socket.user)) continue
    const from = socket.since ?? created[0]?.message_seq ?? Number.POSITIVE_INFINITY
    for (const message of run.truth.messages) {
      if (message.conversation === socket.conversation && message.seq > from && !ids.has(message.id))
        yield { invariant: 'I6', what: 'a simple socket lacks a message', evidence: { socket, message } }
    }
  }
}

interface Subscription {
  client: string
  conversation: string
}

/** What open sockets of clients that were not stopped follow at the end, as far as their user may. */
export function liveSubscriptions(run: Run): Map<string, Subscription> {
  const follows = new Map<number, Set<string>>()
  const all = new Set<number>()
  for (const record of run.history) follow(record, follows, all)
  const live = new Map<string, Subscription>()
  for (const socket of run.sockets.values()) {
    if (socket.dialect !== 'parley.v1' || !isOpen(run, socket)) continue
    const rooms = all.has(socket.socket) ? run.lines.keys() : (follows.get(socket.socket) ?? [])
    for (const conversation of rooms) {
      if (isMember(run, conversation, socket.user))
        live.set(`${socket.client} ${conversation}`, { client: socket.client, conversation })
    }
  }
  return live
}

function follow(record: HistoryRecord, follows: Map<number, Set<string>>, all: Set<number>): void {
  if (record.type === 'opened' && record.conversation) add(follows, record.socket, record.conversation)
  else if (record.type === 'asked' && record.what === 'subscribe_all') all.add(record.socket)
  else if (record.type === 'asked' && record.what === 'subscribe')
    add(follows, record.socket, record.conversation)
  else if (record.type === 'asked') follows.get(record.socket)?.delete(record.conversation ?? '')
  // A socket that is told it is no member any more has to ask again, unless it follows everything.
  else if (record.type === 'received' && record.frame === 'unsubscribed')
    follows.get(record.socket)?.delete(record.conversation ?? '')
}

function add(follows: Map<number, Set<string>>, socket: number, conversation: string | undefined): void {
  if (conversation === undefined) return
  const rooms = follows.get(socket) ?? new Set()
  follows.set(socket, rooms.add(conversation))
}

function isOpen({ end }: Run, { closed_at }: Socket): boolean {
  return closed_at > end
}

function isMember({ memberships }: Run, conversation: string | undefined, user: string): boolean {
  const stays = memberships.get(conversation ?? '')?.get(user)
  return stays?.at(-1)?.to === Number.POSITIVE_INFINITY
}

/** When the view first had everything up to `target`. */
export function reachedAt({ steps }: View, target: number): number | undefined {
  return steps.find(({ cursor }) => cursor >= target)?.at
}
