import { randomUUIDv7 } from 'node:crypto'
import {
  type DurableEvent,
  type DurableFrame,
  type EventKind,
  type Id,
  type Message,
  ProblemError,
  type Role,
  type RoomPage,
  type RoomRead,
  type User
} from '@parley/contracts'

interface MemberRow {
  user: User
  role: Role
  joined_seq: number
  changed_seq: number
  read_seq: number
  removed: boolean
}

const at = new Date(0).toISOString()

type Body<F> = F extends DurableFrame ? Omit<F, 'conversation_id' | 'seq' | 'prev'> : never

/** One conversation with a real number line: every change takes the next seq and moves its row there, as in Postgres. */
export class FakeConversation {
  readonly id: Id = randomUUIDv7()
  readonly messages = new Map<Id, Message>()
  readonly members = new Map<Id, MemberRow>()
  readonly #keys = new Map<string, Message>()
  readonly #onEvent: (event: DurableEvent) => void
  #changed_seq = 0
  deleted = false
  head = 0

  constructor(onEvent: (event: DurableEvent) => void) {
    this.#onEvent = onEvent
  }

  add(user: User, role: Role = 'member'): number {
    const seq = ++this.head
    this.members.set(user.id, { user, role, joined_seq: seq, changed_seq: seq, read_seq: 0, removed: false })
    return this.#emit('member.added', user.id, user.id, this.#memberFrame('member_added', user.id))
  }

  remove(user: User): number {
    const row = this.#member(user.id)
    row.removed = true
    row.changed_seq = ++this.head
    return this.#emit('member.removed', user.id, user.id, { type: 'member_removed', user_id: user.id })
  }

  /** Replays by `client_id`, as the real one does. */
  send(sender: User, body: string, client_id: string | null = null): { message: Message; replay: boolean } {
    this.#member(sender.id)
    const key = `${sender.id} ${client_id}`
    const known = client_id === null ? undefined : this.#keys.get(key)
    if (known) return { message: known, replay: true }
    const seq = ++this.head
    const message: Message = {
      id: randomUUIDv7(),
      conversation_id: this.id,
      seq,
      changed_seq: seq,
      sender,
      body,
      client_id,
      reply_to_id: null,
      reactions: [],
      created_at: at,
      edited_at: null,
      deleted_at: null
    }
    this.messages.set(message.id, message)
    if (client_id !== null) this.#keys.set(key, message)
    this.#emit('message.created', message.id, sender.id, { type: 'message', message })
    return { message, replay: false }
  }

  edit(editor: User, message_id: Id, body: string): Message {
    const message = this.#change(editor, message_id, { body, edited_at: at })
    this.#emit('message.edited', message.id, editor.id, { type: 'message_edited', message })
    return message
  }

  erase(deleter: User, message_id: Id): Message {
    const message = this.#change(deleter, message_id, { body: null, deleted_at: at })
    this.#emit('message.deleted', message.id, deleter.id, { type: 'message_deleted', message_id, message })
    return message
  }

  react(user: User, message_id: Id, emoji: string): Message {
    const message = this.#change(user, message_id, { reactions: [{ emoji, count: 1 }] })
    const frame = { type: 'reaction', message_id, emoji, user_id: user.id, on: true, count: 1 } as const
    this.#emit('message.reacted', message.id, user.id, frame)
    return message
  }

  delete(user: User): number {
    this.deleted = true
    this.#changed_seq = ++this.head
    return this.#emit('conversation.deleted', this.id, user.id, { type: 'conversation_deleted' })
  }

  isMember(user: Id): boolean {
    return !this.deleted && this.members.get(user)?.removed === false
  }

  /** Head, membership and page in one moment. */
  read({ since, limit, users }: RoomRead): RoomPage {
    const rows = since === null ? [] : this.#changedAfter(since).slice(0, limit)
    const events = rows.map(({ seq, event }, n) => event(rows[n - 1]?.seq ?? since ?? 0, seq))
    const members: RoomPage['members'] = {}
    for (const user of users) {
      const row = this.members.get(user)
      if (row && this.isMember(user)) members[user] = { role: row.role, read_seq: row.read_seq }
    }
    const next_since = rows.length === limit ? (events.at(-1)?.seq ?? this.head) : this.head
    return { conversation_id: this.id, head: this.head, next_since, members, events }
  }

  #changedAfter(since: number) {
    const rows: { seq: number; event: (prev: number, seq: number) => DurableEvent }[] = []
    const row = (seq: number, kind: EventKind, subject: Id, frame: Body<DurableFrame>) =>
      rows.push({ seq, event: (prev) => this.#event(kind, subject, subject, seq, prev, frame) })
    for (const message of this.messages.values()) {
      const { id: message_id, seq, changed_seq } = message
      if (message.deleted_at)
        row(changed_seq, 'message.deleted', message_id, { type: 'message_deleted', message_id, message })
      else if (seq === changed_seq) row(seq, 'message.created', message_id, { type: 'message', message })
      else row(changed_seq, 'message.edited', message_id, { type: 'message_edited', message })
    }
    for (const { user, changed_seq, removed } of this.members.values())
      if (removed) row(changed_seq, 'member.removed', user.id, { type: 'member_removed', user_id: user.id })
      else row(changed_seq, 'member.added', user.id, this.#memberFrame('member_added', user.id))
    if (this.deleted)
      row(this.#changed_seq, 'conversation.deleted', this.id, { type: 'conversation_deleted' })
    return rows.filter(({ seq }) => seq > since).sort((a, b) => a.seq - b.seq)
  }

  #memberFrame(type: 'member_added', user: Id): Body<DurableFrame> {
    const { changed_seq: _, removed: __, ...member } = this.#member(user)
    return { type, member }
  }

  #member(user: Id): MemberRow {
    const row = this.members.get(user)
    if (!row || !this.isMember(user)) throw new ProblemError('not_found')
    return row
  }

  #change(user: User, message_id: Id, change: Partial<Message>): Message {
    this.#member(user.id)
    const message = this.messages.get(message_id)
    if (!message) throw new ProblemError('not_found')
    const changed = { ...message, ...change, changed_seq: ++this.head }
    this.messages.set(message_id, changed)
    return changed
  }

  #emit(kind: EventKind, subject: Id, actor: Id, frame: Body<DurableFrame>): number {
    this.#onEvent(this.#event(kind, subject, actor, this.head, this.head - 1, frame))
    return this.head
  }

  #event(
    kind: EventKind,
    subject_id: Id,
    actor_id: Id,
    seq: number,
    prev: number,
    { type, ...body }: Body<DurableFrame>
  ): DurableEvent {
    const frame = Buffer.from(JSON.stringify({ type, conversation_id: this.id, seq, prev, ...body }))
    return { conversation_id: this.id, seq, prev, kind, subject_id, actor_id, frame }
  }
}
