// The cursor rule against a model of the server: replays compact, connections break anywhere, gaps are filled without a word.
import fc from 'fast-check'
import t from 'tap'
import { Line, type LineFrame } from '../../src/lines/line.ts'

interface Row {
  id: number
  seq: number
  changed_seq: number
}
type Sent = LineFrame | { type: 'subscribed'; since: number; head: number }

/** A conversation and one client of it: what the protocol says about the number line, and nothing else. */
class Model {
  head = 0
  readonly rows: Row[] = []
  /** Frames on their way to the client. */
  wire: Sent[] = []
  readonly delivered: LineFrame[] = []
  #position = 0
  #behind = true
  #asked: number | undefined
  readonly #line = new Line((frame) => this.delivered.push(frame), 0)

  get cursor() {
    return this.#line.cursor
  }

  get isQuiet(): boolean {
    return this.wire.length === 0 && !this.#behind
  }

  create(): void {
    const seq = ++this.head
    this.rows.push({ id: seq, seq, changed_seq: seq })
    this.#live('message', this.rows.at(-1))
  }

  change(which: number, type: 'message_edited' | 'reaction'): void {
    const row = this.rows[which % Math.max(1, this.rows.length)]
    if (!row) return
    row.changed_seq = ++this.head
    this.#live(type, row)
  }

  /** A change that is no message's: it leaves a hole that nothing fills. */
  otherwise(): void {
    this.#live('member_changed', { id: -1, seq: -1, changed_seq: ++this.head })
  }

  stall(): void {
    this.#behind = true
  }

  /** The server writes a page of what this subscription has not got. */
  page(size: number): void {
    if (!this.#behind) return
    const missing = this.rows.filter((row) => row.changed_seq > this.#position)
    const rows = missing.toSorted((one, other) => one.changed_seq - other.changed_seq).slice(0, size)
    for (const row of rows) {
      this.wire.push(frameOf(row.seq === row.changed_seq ? 'message' : 'message_edited', row, this.#position))
      this.#position = row.changed_seq
    }
    if (rows.length < missing.length) return
    this.#position = this.head
    this.#behind = false
    if (this.#asked !== undefined) this.wire.push({ type: 'subscribed', since: this.#asked, head: this.head })
    this.#asked = undefined
  }

  deliver(count: number): void {
    for (const sent of this.wire.splice(0, count)) {
      const verdict =
        'head' in sent ? this.#line.subscribed(sent.since, sent.head) : this.#line.take(sent as LineFrame)
      if (verdict === 'subscribe') this.#subscribe()
    }
  }

  reconnect(): void {
    this.wire = []
    this.#line.forget()
    this.#subscribe()
  }

  /** Taken out, perhaps amid a replay, and let in again. */
  leaveAndReturn(): void {
    this.#line.ended()
    this.reconnect()
  }

  #subscribe(): void {
    this.#line.asked()
    this.#position = this.#line.cursor ?? 0
    this.#asked = this.#position
    this.#behind = true
  }

  #live(type: string, row: Row | undefined): void {
    if (this.#behind || !row) return
    this.wire.push(frameOf(type, row, this.head - 1))
    this.#position = this.head
  }
}

function frameOf(type: string, { id, seq, changed_seq }: Row, prev: number): LineFrame {
  const frame = { type, conversation_id: 'room', seq: changed_seq, prev }
  return id < 0 || type === 'reaction'
    ? ({ ...frame, about: id } as LineFrame)
    : { ...frame, message: { id: String(id), seq } as LineFrame['message'] & object }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant((model: Model) => model.create()) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(20), fc.constantFrom('message_edited' as const, 'reaction' as const)).map(
      ([which, type]) =>
        (model: Model) =>
          model.change(which, type)
    )
  },
  fc.constant((model: Model) => model.otherwise()),
  fc.constant((model: Model) => model.stall()),
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((size) => (model: Model) => model.page(size)) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }).map((n) => (model: Model) => model.deliver(n)) },
  { weight: 2, arbitrary: fc.constant((model: Model) => model.reconnect()) },
  fc.constant((model: Model) => model.leaveAndReturn())
)

t.test('DLV-1: each message once as new, in order, and its last change, whatever breaks', async (t) => {
  const run = (steps: ((model: Model) => void)[]) => {
    const model = new Model()
    model.reconnect()
    for (const each of steps) each(model)
    model.reconnect()
    while (!model.isQuiet) {
      model.page(1_000)
      model.deliver(1_000)
    }
    const fresh = model.delivered.filter(({ type }) => type === 'message').map(({ message }) => message?.seq)
    const created = model.rows.map(({ seq }) => seq)
    if (fresh.join() !== created.join()) throw new Error(`new were ${fresh.join()}, made ${created.join()}`)
    const seqs = model.delivered.map(({ seq }) => seq)
    if (new Set(seqs).size !== seqs.length) throw new Error('a frame came twice')
    if (model.cursor !== model.head) throw new Error(`stopped at ${model.cursor} of ${model.head}`)
    for (const row of model.rows) {
      const about = model.delivered.filter(({ message, ...rest }) => {
        const id = message ? message.id : (rest as { about?: number }).about
        return String(id) === String(row.id)
      })
      const last = Math.max(...about.map(({ seq }) => seq))
      if (last !== row.changed_seq) throw new Error(`message ${row.id} is known as of ${last}`)
    }
  }
  t.doesNotThrow(() =>
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: 'max' }), run), { numRuns: 5_000 })
  )
})

t.test(
  'a first subscription begins at the head, a conversation one was added to with its first frame',
  async (t) => {
    const delivered: number[] = []
    const deliver = ({ seq }: LineFrame) => delivered.push(seq)
    const frame = (seq: number, prev = seq - 1): LineFrame => ({
      type: 'member_added',
      conversation_id: 'room',
      seq,
      prev
    })
    const first = new Line(deliver)
    t.equal(first.subscribed(40, 40), 'taken')
    t.equal(first.take(frame(40)), 'dropped')
    t.equal(first.take(frame(41)), 'taken')
    const added = new Line(deliver)
    t.equal(added.take(frame(7)), 'taken')
    t.equal(added.take(frame(9)), 'subscribe', 'what lies between is missing')
    added.asked()
    t.equal(added.take(frame(10)), 'dropped', 'and has been asked for')
    t.equal(added.subscribed(9, 10), 'subscribe', 'an answer that begins beyond the cursor does not count')
    t.equal(added.cursor, 7)
    t.strictSame(delivered, [41, 7])
  }
)
