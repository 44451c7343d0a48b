import type { HistoryRecord, Invoked, Received, Truth } from '../../src/index.ts'
import { bodyOf } from '../../src/index.ts'

type Frame = Omit<Received, 'at' | 'type' | 'socket'>
type Unstamped<R> = R extends HistoryRecord ? Omit<R, 'at'> : never

/** A conversation that was never held: what a correct Parley would have recorded, written down by hand, to be spoilt by tests. */
export class SyntheticRun {
  readonly history: HistoryRecord[] = []
  readonly truth: Truth = { conversations: [], messages: [], changes: [], members: [], unpublished: 0 }
  readonly room = 'room'
  clock = 0
  #operation = 0
  #socket = 0
  #sent = 0

  constructor(...users: string[]) {
    this.truth.conversations.push({
      id: this.room,
      last_seq: 0,
      changed_seq: 0,
      created_by: users[0] ?? '',
      deleted: false
    })
    const op = this.invoke({ kind: 'create', user: users[0] ?? '', via: 'rest' })
    for (const user of users) this.change('member.added', user, users[0] ?? '')
    this.complete({ type: 'ok', op, conversation: this.room, seq: users.length })
  }

  record(record: Unstamped<HistoryRecord>, after_ms = 1): void {
    this.clock += after_ms
    this.history.push({ at: this.clock, ...record } as HistoryRecord)
  }

  invoke(invoked: Omit<Invoked, 'at' | 'type' | 'op'>): number {
    const op = ++this.#operation
    this.record({ type: 'invoked', op, ...invoked })
    return op
  }

  complete(completed: Unstamped<HistoryRecord> & { op: number }): void {
    this.record(completed)
  }

  get head(): number {
    return this.truth.conversations[0]?.last_seq ?? 0
  }

  next(): number {
    const [conversation] = this.truth.conversations
    if (conversation) conversation.last_seq++
    return this.head
  }

  change(kind: string, subject: string, actor: string): number {
    const seq = this.next()
    this.truth.changes.push({ conversation: this.room, seq, kind, subject, actor })
    const message = this.truth.messages.find(({ id }) => id === subject)
    if (message) message.changed_seq = seq
    if (kind.startsWith('member.')) {
      const row = {
        conversation: this.room,
        user: subject,
        changed_seq: seq,
        removed: kind === 'member.removed'
      }
      const at = this.truth.members.findIndex(({ user }) => user === subject)
      this.truth.members.splice(at < 0 ? this.truth.members.length : at, at < 0 ? 0 : 1, row)
    }
    return seq
  }

  open(
    client: string,
    user = client,
    {
      session = `${client}-session`,
      since = this.head,
      start = true
    }: { session?: string; since?: number; start?: boolean } = {}
  ): number {
    const socket = ++this.#socket
    if (start) this.record({ type: 'client', client, user, session, phase: 'start' })
    const asked_at = this.clock
    this.record({ type: 'opened', socket, client, user, session, dialect: 'parley.v1', asked_at })
    this.record({ type: 'asked', socket, what: 'subscribe', conversation: this.room, since })
    return socket
  }

  /** A message of `user`, acknowledged. */
  send(user: string, session = `${user}-session`): Frame & { op: number; id: string } {
    const n = ++this.#sent
    const body = bodyOf(this.room, user, n)
    const client_id = `${user}-${n}`
    const id = `message-${n}`
    const op = this.invoke({
      kind: 'send',
      user,
      session,
      via: 'socket',
      conversation: this.room,
      client_id,
      body
    })
    const seq = this.next()
    this.truth.messages.push({
      id,
      conversation: this.room,
      seq,
      changed_seq: seq,
      sender: user,
      client_id,
      body,
      deleted: false
    })
    this.complete({ type: 'ok', op, seq, message: id })
    return { op, id, ...this.frame('message', seq, id, { user, message_seq: seq, body }) }
  }

  frame(frame: string, seq: number, subject: string, more: Partial<Frame> = {}): Frame {
    return { frame, conversation: this.room, seq, prev: seq - 1, subject, ...more }
  }

  delete(user: string, id: string): Frame {
    const op = this.invoke({ kind: 'delete', user, via: 'rest', conversation: this.room, message: id })
    const seq = this.change('message.deleted', id, user)
    const message = this.truth.messages.find((one) => one.id === id)
    if (message) Object.assign(message, { deleted: true, body: null })
    this.complete({ type: 'ok', op, seq, message: id })
    return this.frame('message_deleted', seq, id, {
      user: message?.sender,
      message_seq: message?.seq,
      body: null
    })
  }

  member(kind: 'add' | 'remove', by: string, subject: string): Frame {
    const op = this.invoke({ kind, user: by, via: 'rest', conversation: this.room, subject })
    const seq = this.change(kind === 'add' ? 'member.added' : 'member.removed', subject, by)
    this.complete({ type: 'ok', op, ...(kind === 'add' ? { seq } : {}) })
    return this.frame(kind === 'add' ? 'member_added' : 'member_removed', seq, subject)
  }

  receive(
    socket: number,
    { frame, conversation, seq, prev, subject, user, message_seq, body, head, code }: Frame
  ): void {
    this.record({
      type: 'received',
      socket,
      frame,
      conversation,
      seq,
      prev,
      subject,
      user,
      message_seq,
      body,
      head,
      code
    })
  }

  /** To all these sockets. */
  deliver(frame: Frame, ...sockets: number[]): void {
    for (const socket of sockets) this.receive(socket, frame)
  }
}
