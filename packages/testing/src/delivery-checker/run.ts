import { type Deafness, deafnessOf } from './deafness.ts'
import type { FaultRecord, HistoryRecord, Opened, Received } from './history.ts'
import { type Memberships, membershipsOf } from './membership.ts'
import { type NumberLine, numberLines } from './number-line.ts'
import { type Operation, operationsOf } from './operations.ts'
import { type Replay, replay } from './replay.ts'
import type { Truth, TruthMessage } from './truth.ts'

/** Times, in milliseconds, that the checker allows; the design's promises plus what a busy machine may add. */
export interface Tolerances {
  /** Until a revoked session's sockets are silent. */
  revocation: number
  /** The same where the gateway may be cut off from the api. */
  revocation_cut_off: number
  /** How long after its end a fault may still be felt. */
  fault_echo: number
  /** What a process keeps in memory and its descriptors may have grown by this factor, or by the amounts below. */
  growth: number
  growth_bytes: number
  growth_fds: number
}

export const defaultTolerances: Tolerances = Object.freeze({
  revocation: 1_500,
  revocation_cut_off: 16_500,
  fault_echo: 5_000,
  growth: 1.5,
  growth_bytes: 32 * 1024 * 1024,
  growth_fds: 40
})

/** A history and its ground truth, indexed once for all invariants. */
export interface Run {
  history: readonly HistoryRecord[]
  truth: Truth
  tolerances: Tolerances
  operations: Operation[]
  lines: Map<string, NumberLine>
  memberships: Memberships
  messages: Map<string, TruthMessage>
  /** The send that made a message, by the message's id. */
  sendOf: Map<string, Operation>
  /** Every text that was ever asked to be a message's, by the message's id. */
  bodies: Map<string, Set<string>>
  sockets: Map<number, Socket>
  /** By when a session had begun. */
  begun: Map<string, number>
  received: Received[]
  replay: Replay
  /** From their begin to their end, `Infinity` where they had none. */
  faults: { name: string; begin: number; end: number }[]
  deafness: Deafness
  /** The time of the last record. */
  end: number
}

export interface Socket extends Opened {
  closed_at: number
  code: number | undefined
}

export function indexRun(
  history: readonly HistoryRecord[],
  truth: Truth,
  tolerances: Tolerances = defaultTolerances
): Run {
  const operations = operationsOf(history)
  const lines = numberLines(truth)
  const messages = new Map(truth.messages.map((message) => [message.id, message]))
  const sendOf = matchSends(operations, truth.messages)
  const faults = faultsOf(history)
  return {
    history,
    truth,
    tolerances,
    operations,
    lines,
    memberships: membershipsOf(lines, operations),
    messages,
    sendOf,
    bodies: bodiesOf(operations, sendOf),
    sockets: socketsOf(history),
    begun: new Map(
      history.flatMap((record) => (record.type === 'signed_in' ? [[record.session, record.at]] : []))
    ),
    received: history.filter((record) => record.type === 'received'),
    replay: replay(history),
    faults,
    deafness: deafnessOf(history, faults),
    end: history.at(-1)?.at ?? 0
  }
}

/** By the id that was acknowledged, else by the key, else by the text, which is unique. */
function matchSends(
  operations: readonly Operation[],
  messages: readonly TruthMessage[]
): Map<string, Operation> {
  const sends = operations.filter(({ kind }) => kind === 'send')
  const byId = new Map(sends.flatMap((send) => (send.end?.message ? [[send.end.message, send]] : [])))
  const byKey = new Map(
    sends.flatMap((send) =>
      send.client_id === undefined ? [] : [[`${send.conversation} ${send.user} ${send.client_id}`, send]]
    )
  )
  const byBody = new Map(sends.map((send) => [`${send.conversation} ${send.user} ${send.body}`, send]))
  const matched = new Map<string, Operation>()
  for (const { id, conversation, sender, client_id, body } of messages) {
    const send =
      byId.get(id) ??
      byKey.get(`${conversation} ${sender} ${client_id}`) ??
      byBody.get(`${conversation} ${sender} ${body}`)
    if (send) matched.set(id, send)
  }
  return matched
}

function bodiesOf(
  operations: readonly Operation[],
  sendOf: Map<string, Operation>
): Map<string, Set<string>> {
  const bodies = new Map<string, Set<string>>()
  const add = (id: string, body: string | undefined) => {
    if (body === undefined) return
    const texts = bodies.get(id) ?? new Set()
    bodies.set(id, texts.add(body))
  }
  for (const [id, { body }] of sendOf) add(id, body)
  for (const { kind, message, body } of operations) if (kind === 'edit' && message) add(message, body)
  return bodies
}

function socketsOf(history: readonly HistoryRecord[]): Map<number, Socket> {
  const sockets = new Map<number, Socket>()
  for (const record of history) {
    if (record.type === 'opened') {
      sockets.set(record.socket, { ...record, closed_at: Number.POSITIVE_INFINITY, code: undefined })
    } else if (record.type === 'closed') {
      const socket = sockets.get(record.socket)
      if (socket) Object.assign(socket, { closed_at: record.at, code: record.code })
    }
  }
  return sockets
}

function faultsOf(history: readonly HistoryRecord[]): Run['faults'] {
  const faults = new Map<number, Run['faults'][number]>()
  const ofFault = (record: HistoryRecord): record is FaultRecord => record.type === 'fault'
  for (const { fault, name, phase, at } of history.filter(ofFault)) {
    if (phase === 'begin') faults.set(fault, { name, begin: at, end: Number.POSITIVE_INFINITY })
    else Object.assign(faults.get(fault) ?? {}, { end: at })
  }
  return [...faults.values()]
}

/** Whether a fault, or its echo, may have been felt at some time in `[from, to]`. */
export function underFault({ faults, tolerances }: Run, from: number, to: number): boolean {
  return faults.some(({ begin, end }) => begin <= to && end + tolerances.fault_echo >= from)
}
