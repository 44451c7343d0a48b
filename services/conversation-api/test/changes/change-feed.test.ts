import {
  type DurableFrame,
  type Message,
  ProblemError,
  type RoomPage,
  validator,
  durableFrames
} from '@parley/contracts'
import fc from 'fast-check'
import t from 'tap'
import { readRoom } from '../../src/changes/change-feed.ts'
import { deleteMessage, editMessage } from '../../src/messages/message-mutations.ts'
import { reactToMessage } from '../../src/reactions/react.ts'
import { core } from '../core-harness.ts'

type Core = Awaited<ReturnType<typeof core>>

const checks = Object.values(durableFrames).map((schema) => validator(schema))
const framesOf = (page: RoomPage) => page.events.map((e) => JSON.parse(e.frame.toString()) as DurableFrame)

t.test('DLV-2 DLV-3 a page is compacted: each row once, where its last change put it', async (t) => {
  const context = await core(t)
  const { pool, person, group, writer, remove } = context
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const on = async (body: string) => {
    const { message_id } = await writer.send({ user: ann, conversation_id: room, body })
    return { user_id: ann.id, conversation_id: room, message_id }
  }
  const kept = await on('kept')
  const edited = await on('draft')
  for (const body of ['a', 'b', 'c']) await editMessage(context, { ...edited, body })
  const gone = await on('secret')
  await deleteMessage(context, gone)
  await reactToMessage(context, { ...kept, emoji: '👍', on: true })
  await remove(room, bob)

  const page = await readRoom(pool, { conversation_id: room, since: 0, limit: 100, users: [ann.id, bob.id] })
  const frames = framesOf(page)
  t.same(
    frames.map((f) => [f.prev, f.seq, f.type]),
    [
      [0, 1, 'member_added'],
      [1, 7, 'message_edited'],
      [7, 9, 'message_deleted'],
      [9, 10, 'message_edited'],
      [10, 11, 'member_removed']
    ]
  )
  t.match(page, { head: 11, next_since: 11, members: { [ann.id]: { role: 'owner' } } })
  t.notOk(page.members[bob.id])
  t.notMatch(JSON.stringify(frames), /secret|draft/)
  t.ok(frames.every((frame) => checks.some((isFrame) => isFrame(frame))))
})

t.test('without since there is no page; an unknown conversation is empty', async (t) => {
  const { pool, person, group } = await core(t)
  const ann = await person('ann')
  const room = await group(ann)
  const head = await readRoom(pool, { conversation_id: room, since: null, limit: 100, users: [ann.id] })
  t.match(head, { head: 1, next_since: 1, events: [] })
  const none = await readRoom(pool, { conversation_id: ann.id, since: 0, limit: 100, users: [ann.id] })
  t.same(none, { conversation_id: ann.id, head: 0, next_since: 0, members: {}, events: [] })
})

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('send' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constantFrom('edit' as const, 'react' as const), pick: fc.nat() })
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constantFrom('delete' as const, 'member' as const), pick: fc.nat() })
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('page' as const), pick: fc.nat() }) }
)

t.test(
  'DLV-1 CHG-1 a reader who pages at any time, in pages of any size, ends with what is there',
  async (t) => {
    const context = await core(t)
    const ann = await context.person('ann')
    const bob = await context.person('bob')
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 5, maxLength: 40, size: 'max' }),
        async (operations) => {
          const run = new Run(context, await context.group(ann, bob), [ann, bob])
          for (const { op, pick } of operations) await run[op](pick)
          await run.catchUp()
          await run.check()
        }
      ),
      { numRuns: 25 }
    )
    t.pass()
  }
)

class Run {
  cursor = 0
  readonly seen = new Map<string, Message>()
  readonly sent: string[] = []
  #joined = true
  readonly core: Core
  readonly room: string
  readonly people: [Parameters<Core['group']>[0], Parameters<Core['group']>[0]]

  constructor(core: Core, room: string, people: Run['people']) {
    this.core = core
    this.room = room
    this.people = people
  }

  #on(pick: number) {
    const message_id = this.sent[pick % this.sent.length]
    return message_id && { user_id: this.people[0].id, conversation_id: this.room, message_id }
  }

  async send(pick: number) {
    const sent = await this.core.writer.send({
      user: this.people[0],
      conversation_id: this.room,
      body: `${pick}`
    })
    this.sent.push(sent.message_id)
  }

  async edit(pick: number) {
    const on = this.#on(pick)
    if (on) await editMessage(this.core, { ...on, body: `edited ${pick}` }).catch(ignoreDeleted)
  }

  async react(pick: number) {
    const on = this.#on(pick)
    if (on) await reactToMessage(this.core, { ...on, emoji: '🎉', on: pick % 2 === 0 }).catch(ignoreDeleted)
  }

  async delete(pick: number) {
    const on = this.#on(pick)
    if (on) await deleteMessage(this.core, on)
  }

  async member(): Promise<void> {
    if (this.#joined) await this.core.remove(this.room, this.people[1])
    else await this.core.add(this.room, this.people[1])
    this.#joined = !this.#joined
  }

  /** One page by the client's rule. False once there is no more. */
  async page(pick: number): Promise<boolean> {
    const read = { conversation_id: this.room, since: this.cursor, limit: 1 + (pick % 7), users: [] }
    const page = await readRoom(this.core.pool, read)
    for (const frame of framesOf(page)) {
      if (frame.prev > this.cursor || frame.seq <= this.cursor)
        throw new Error(`${frame.prev} > ${this.cursor}`)
      if (frame.type === 'message' && this.seen.has(frame.message.id)) throw new Error('created twice')
      if ('message' in frame) this.seen.set(frame.message.id, frame.message)
      this.cursor = frame.seq
    }
    if (page.next_since < this.cursor) throw new Error('the cursor would go back')
    this.cursor = page.next_since
    return page.next_since < page.head
  }

  async catchUp() {
    while (await this.page(3));
  }

  async check() {
    const read = { conversation_id: this.room, since: 0, limit: 1_000, users: [] }
    const all = framesOf(await readRoom(this.core.pool, read)).flatMap((f) =>
      'message' in f ? [f.message] : []
    )
    const there = all.toSorted((a, b) => a.seq - b.seq)
    const shown = [...this.seen.values()].toSorted((a, b) => a.seq - b.seq)
    if (JSON.stringify(there) !== JSON.stringify(shown)) throw new Error('what was seen is not what is there')
    if (!(await this.core.lineIsDense(this.room))) throw new Error('the line is not dense')
  }
}

function ignoreDeleted(error: unknown) {
  if (!(error instanceof ProblemError) || error.code !== 'message_deleted') throw error
}
