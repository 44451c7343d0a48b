import { afterSubscribed, clientRule } from './client-rule.ts'
import type { Asked, HistoryRecord, Opened, Received } from './history.ts'

/** What one client knows of one conversation. */
export interface View {
  client: string
  user: string
  conversation: string
  cursor: number | undefined
  /** Ranges `(from, to]` that the client asked to pass over: from the head, no replay. */
  passed: { from: number; to: number }[]
  messages: Map<string, SeenMessage>
  /** The cursor at which a gap was met: until it moves, what follows is the same gap. */
  gap_at: number | undefined
  /** When the cursor came to be where. */
  steps: { at: number; cursor: number }[]
}

export interface SeenMessage {
  seq: number
  changed_seq: number
  body: string | null
}

/** A durable frame on a `parley.v1` socket, as the client's rule took it. */
export interface Step {
  frame: DurableReceived
  verdict: 'drop' | 'apply' | 'resubscribe'
  /** Before the frame. */
  cursor: number | undefined
  view: View
  /** The message was there already, and this frame says that it is new. */
  repeats: boolean
  /** A gap in what the client was promised to get without one. */
  breaks: boolean
}

export type DurableReceived = Received & { conversation: string; seq: number; prev: number }

/** `subscribed` moved a cursor over something that the client had asked for. */
export interface Jump {
  frame: Received
  from: number
  to: number
}

export interface Replay {
  views: View[]
  steps: Step[]
  jumps: Jump[]
}

/** How a room came to be followed on a socket: `since` promises everything after the cursor. */
type Modes = Map<string, 'since' | 'head'>

/** Runs the client's rule over everything that arrived, per client and conversation, across the client's sockets. */
export function replay(history: readonly HistoryRecord[]): Replay {
  const state = new Replayer()
  for (const record of history) {
    if (record.type === 'opened' && record.dialect === 'parley.v1') state.open(record)
    else if (record.type === 'asked') state.ask(record)
    else if (record.type === 'received') state.receive(record)
  }
  return { views: [...state.views.values()], steps: state.steps, jumps: state.jumps }
}

class Replayer {
  readonly views = new Map<string, View>()
  readonly steps: Step[] = []
  readonly jumps: Jump[] = []
  readonly #sockets = new Map<number, { opened: Opened; modes: Modes }>()

  open(opened: Opened): void {
    const modes: Modes = new Map()
    this.#sockets.set(opened.socket, { opened, modes })
    const { conversation, since } = opened
    if (conversation) this.#follow(opened.socket, conversation, since, opened.asked_at)
  }

  ask({ socket, what, conversation, since, cursors, at }: Asked): void {
    if (what === 'subscribe' && conversation) this.#follow(socket, conversation, since, at)
    if (what === 'unsubscribe' && conversation) this.#sockets.get(socket)?.modes.delete(conversation)
    for (const [room, cursor] of Object.entries(cursors ?? {})) this.#follow(socket, room, cursor, at)
  }

  receive(frame: Received): void {
    const socket = this.#sockets.get(frame.socket)
    if (!socket || frame.conversation === undefined) return
    const view = this.#view(socket.opened, frame.conversation)
    if (frame.frame === 'subscribed') this.#subscribed(frame, view, socket.modes)
    else if (endsSubscription(frame)) socket.modes.delete(frame.conversation)
    else if (isDurable(frame)) this.#durable(frame, view, socket.modes)
  }

  #follow(socket: number, conversation: string, since: number | undefined, at: number): void {
    const known = this.#sockets.get(socket)
    if (!known) return
    known.modes.set(conversation, since === undefined ? 'head' : 'since')
    const view = this.#view(known.opened, conversation)
    if (since === undefined || view.cursor !== undefined) return
    moveTo(view, since, at)
    if (since > 0) view.passed.push({ from: 0, to: since })
  }

  #subscribed(frame: Received, view: View, modes: Modes): void {
    const cursor = view.cursor ?? 0
    const head = afterSubscribed(view.cursor, frame)
    // It began beyond the cursor, as one that was made for the client does: the client goes by the frames.
    if (view.cursor !== undefined && (frame.since ?? 0) > view.cursor) return
    if (!modes.has(view.conversation)) modes.set(view.conversation, 'head')
    if (view.cursor !== undefined && head <= cursor) return
    if (modes.get(view.conversation) === 'since') this.jumps.push({ frame, from: cursor, to: head })
    if (head > cursor) view.passed.push({ from: cursor, to: head })
    moveTo(view, head, frame.at)
  }

  #durable(frame: DurableReceived, view: View, modes: Modes): void {
    const { cursor } = view
    const verdict = clientRule(cursor, frame)
    const repeats = verdict === 'apply' && frame.frame === 'message' && view.messages.has(frame.subject ?? '')
    // Who follows all rooms is subscribed from its joining to a room it was added to: what came before, it has to ask for.
    const breaks = verdict === 'resubscribe' && view.gap_at !== cursor && modes.has(view.conversation)
    this.steps.push({ frame, verdict, cursor, view, repeats, breaks })
    if (verdict === 'resubscribe') view.gap_at = cursor
    if (verdict !== 'apply') return
    if (cursor === undefined && frame.prev > 0) view.passed.push({ from: 0, to: frame.prev })
    moveTo(view, frame.seq, frame.at)
    if (frame.subject === undefined || frame.message_seq === undefined) return
    const { message_seq: seq, seq: changed_seq, body = null } = frame
    view.messages.set(frame.subject, { seq, changed_seq, body })
  }

  #view({ client, user }: Opened, conversation: string): View {
    const key = `${client} ${conversation}`
    const known = this.views.get(key)
    if (known) return known
    const view: View = {
      client,
      user,
      conversation,
      cursor: undefined,
      passed: [],
      gap_at: undefined,
      messages: new Map(),
      steps: []
    }
    this.views.set(key, view)
    return view
  }
}

function moveTo(view: View, cursor: number, at: number): void {
  view.cursor = cursor
  view.steps.push({ at, cursor })
}

export function isDurable(frame: Received): frame is DurableReceived {
  return frame.conversation !== undefined && frame.seq !== undefined && frame.prev !== undefined
}

/** Whether the client asked to pass over this place. */
export function wasPassed({ passed }: View, seq: number): boolean {
  return passed.some(({ from, to }) => seq > from && seq <= to)
}

/** Also when it never began. */
function endsSubscription({ frame, code }: Received): boolean {
  return frame === 'unsubscribed' || (frame === 'error' && code === 'not_found')
}
