import t from 'tap'
import { checkDelivery, type InvariantId } from '../../src/index.ts'
import { SyntheticRun } from './synthetic-run.ts'

/** Two members and their sockets, and a few messages that both have. */
function begin() {
  const run = new SyntheticRun('ann', 'bob', 'cat')
  const ann = run.open('ann')
  const bob = run.open('bob')
  for (let n = 0; n < 3; n++) run.deliver(run.send('ann'), ann, bob)
  return { run, ann, bob }
}

function violated(run: SyntheticRun): InvariantId[] {
  return Object.keys(checkDelivery(run.history, run.truth).violated) as InvariantId[]
}

t.test('what waited unread is not late', async (t) => {
  const signedOut = (meanwhile: (run: SyntheticRun, bob: number) => void) => {
    const { run, ann, bob } = begin()
    const frame = run.send('ann')
    run.deliver(frame, ann)
    run.record({ type: 'reading', socket: bob, on: false })
    const by = { user: 'bob', session: 'bob-session', subject: 'bob-session', via: 'rest' } as const
    run.complete({ type: 'ok', op: run.invoke({ kind: 'logout', ...by }) })
    run.clock += 60_000
    meanwhile(run, bob)
    run.receive(bob, frame)
    run.record({ type: 'closed', socket: bob, code: 4501 })
    return violated(run)
  }
  const reads = (run: SyntheticRun, bob: number) => run.record({ type: 'reading', socket: bob, on: true })
  t.same(signedOut(reads), [], 'the client did not read')
  t.same(
    signedOut((run, bob) => {
      reads(run, bob)
      run.clock += 2_000
    }),
    ['I8'],
    'the client had read everything'
  )
  t.same(
    signedOut((run, bob) => {
      reads(run, bob)
      run.clock += 2_000
      run.record({ type: 'stalled', ms: 61_990 })
    }),
    [],
    'everything stood still'
  )
})

t.test('a disabled account may sign in again once it is opened', async (t) => {
  const { run, ann, bob } = begin()
  run.record({ type: 'signed_in', user: 'bob', session: 'bob-session' })
  const disable = { kind: 'disable', user: 'operator', subject: 'bob', via: 'rest' } as const
  run.complete({ type: 'ok', op: run.invoke(disable) })
  run.record({ type: 'closed', socket: bob, code: 4501 })
  run.record({
    type: 'client',
    client: 'bob',
    user: 'bob',
    session: 'bob-session',
    phase: 'stop',
    code: 4501
  })
  run.record({ type: 'signed_in', user: 'bob', session: 'second' })
  run.clock += 20_000
  const again = run.open('bob', 'bob', { session: 'second' })
  run.deliver(run.send('ann'), ann, again)
  run.deliver(run.send('bob', 'second'), ann, again)
  t.same(violated(run), [])
  run.open('bob', 'bob', { session: 'bob-session', start: false })
  t.same(violated(run), ['I8'], 'but not with what it had before')
})

t.test('what belongs before a removal may be read late (chaos seed 33)', async (t) => {
  const { run, ann, bob } = begin()
  const { head } = run
  run.deliver(run.member('remove', 'ann', 'bob'), ann)
  run.clock += 60_000
  run.receive(bob, { frame: 'subscribed', conversation: run.room, head })
  t.same(violated(run), [])
  run.receive(bob, { frame: 'subscribed', conversation: run.room, head: head + 2 })
  t.ok(violated(run).includes('I7'), 'but nothing beyond it')
})

t.test('who was added while nobody could hear may be told who types (chaos seed 74)', async (t) => {
  const { run, ann, bob } = begin()
  run.deliver(run.member('remove', 'ann', 'bob'), ann, bob)
  run.receive(bob, { frame: 'unsubscribed', conversation: run.room })
  run.clock += 60_000
  run.record({ type: 'fault', fault: 1, name: 'one-way:client-nginx', phase: 'begin' })
  run.clock += 5_000
  const added = run.member('add', 'ann', 'bob')
  run.deliver(added, ann)
  run.record({ type: 'asked', socket: bob, what: 'subscribe', conversation: run.room, since: added.prev })
  run.receive(bob, added)
  run.receive(bob, { frame: 'typing', conversation: run.room, user: 'ann' })
  run.record({ type: 'fault', fault: 1, name: 'one-way:client-nginx', phase: 'end' })
  t.same(violated(run), [])
})

/** A socket of bob's notifications, beside the others. */
function notified() {
  const { run, ann, bob } = begin()
  const socket = 99
  const who = { client: 'bob.told', user: 'bob', session: 'bob-session' }
  run.record({ type: 'opened', socket, ...who, dialect: 'notifications', asked_at: run.clock })
  const say = (user: string, ...told: number[]) => {
    const frame = run.send(user)
    run.deliver(frame, ann, bob)
    for (const to of told) run.receive(to, tell(frame))
    return frame
  }
  return { run, socket, say }
}

function tell({ conversation, subject, user, message_seq, body }: ReturnType<SyntheticRun['send']>) {
  return {
    frame: 'notification.new_message',
    conversation,
    subject,
    user,
    message_seq,
    body,
    seq: message_seq
  }
}

t.test('notifications: of each message of others once, and of none of one’s own', async (t) => {
  const { run, socket, say } = notified()
  say('ann', socket)
  say('bob')
  const last = say('ann', socket)
  t.same(violated(run), [])
  run.receive(socket, tell(last))
  t.same(violated(run), ['I4'], 'twice')

  const own = notified()
  own.say('bob', own.socket)
  t.same(violated(own.run), ['I4'], 'its own')

  const lost = notified()
  lost.say('ann', lost.socket)
  lost.say('ann')
  lost.say('ann', lost.socket)
  t.same(violated(lost.run), ['I6'], 'missed')
})

t.test(
  'an adding of which nothing is known says nothing about the founding of the conversation',
  async (t) => {
    const { run, ann, bob } = begin()
    run.deliver(run.member('remove', 'ann', 'bob'), ann, bob)
    run.receive(bob, { frame: 'unsubscribed', conversation: run.room })
    const add = { kind: 'add', user: 'ann', via: 'rest', conversation: run.room, subject: 'bob' } as const
    run.complete({ type: 'unknown', op: run.invoke(add) })
    run.deliver(run.frame('member_added', run.change('member.added', 'bob', 'ann'), 'bob'), ann)
    t.same(violated(run), [], 'what bob got before he was removed was his')
  }
)

t.test('a correct run', async (t) => {
  const { run, ann, bob } = begin()
  const first = run.send('bob')
  run.deliver(first, ann, bob)
  run.deliver(run.delete('bob', first.id), ann, bob)

  // Away, and back by cursor: a compacted page with the tombstone of what it never saw.
  run.record({ type: 'closed', socket: bob, code: 1006 })
  const cursor = run.head
  const gone = run.send('ann')
  run.deliver(gone, ann)
  const kept = run.send('ann')
  run.deliver(kept, ann)
  const tombstone = run.delete('ann', gone.id)
  run.deliver(tombstone, ann)
  const again = run.open('bob', 'bob', { since: cursor, start: false })
  run.receive(again, { ...kept, prev: cursor })
  run.receive(again, { ...tombstone, prev: kept.seq })
  run.receive(again, { frame: 'subscribed', conversation: run.room, head: run.head })

  // A removal that tells its member, a re-adding, and what was said between, read after it.
  const removed = run.member('remove', 'ann', 'bob')
  run.deliver(removed, ann, again)
  run.receive(again, { frame: 'unsubscribed', conversation: run.room })
  const between = run.send('ann')
  run.deliver(between, ann)
  run.record({ type: 'asked', socket: again, what: 'subscribe', conversation: run.room, since: removed.seq })
  run.receive(again, { frame: 'error', conversation: run.room, code: 'not_found' })
  const added = run.member('add', 'ann', 'bob')
  run.deliver(added, ann)
  run.record({ type: 'asked', socket: again, what: 'subscribe', conversation: run.room, since: removed.seq })
  run.deliver(between, again)
  run.deliver(added, again)

  // A second socket before the first is closed: what both bring is dropped once.
  const second = run.open('ann', 'ann', { since: run.head, start: false })
  const both = run.send('bob')
  run.deliver(both, ann, second, again)
  run.record({ type: 'closed', socket: ann, code: 4000 })

  const verdict = checkDelivery(run.history, run.truth)
  t.same(verdict.violations, [])
  t.equal(verdict.ok, true)
  t.equal(verdict.figures.acknowledged, 8)
  t.equal(verdict.figures.duplicates_on_the_wire, 1)
  t.equal(verdict.figures.duplicates_in_the_app, 0)
})

const bad: [InvariantId, string, (spoil: ReturnType<typeof begin>) => void][] = [
  [
    'I1',
    'a hole in the numbers',
    ({ run }) => {
      run.next()
    }
  ],
  [
    'I1',
    'a deletion without its change',
    ({ run }) => {
      const message = run.truth.messages.at(-1)
      if (message) Object.assign(message, { deleted: true, body: null })
    }
  ],
  [
    'I1',
    'a client_id twice',
    ({ run, ann, bob }) => {
      run.deliver(run.send('ann'), ann, bob)
      const [a, b] = run.truth.messages
      if (a && b) b.client_id = a.client_id
    }
  ],
  [
    'I2',
    'an acknowledged send that is not there',
    ({ run }) => {
      const op = run.invoke({
        kind: 'send',
        user: 'ann',
        via: 'socket',
        conversation: run.room,
        client_id: 'x',
        body: 'x'
      })
      run.complete({ type: 'ok', op, seq: run.head + 1, message: 'lost' })
    }
  ],
  [
    'I2',
    'one intent, two messages',
    ({ run, ann, bob }) => {
      run.deliver(run.send('ann'), ann, bob)
      const [a, b] = run.truth.messages
      if (!a || !b) return
      b.body = a.body
      b.client_id = null
      const second = run.history.find((one) => one.type === 'ok' && one.message === b.id)
      if (second?.type === 'ok')
        Object.assign(second, { type: 'unknown', message: undefined, seq: undefined })
    }
  ],
  [
    'I2',
    'a refused send that happened',
    ({ run }) => {
      const last = run.history.findLast((one) => one.type === 'ok')
      if (last?.type === 'ok') Object.assign(last, { type: 'fail', seq: undefined })
    }
  ],
  [
    'I2',
    'a removal nobody asked for',
    ({ run, ann, bob }) =>
      run.deliver(run.frame('member_removed', run.change('member.removed', 'cat', 'ann'), 'cat'), ann, bob)
  ],
  [
    'I3',
    'a later send before an earlier one',
    ({ run }) => {
      const [a, b] = run.truth.messages.slice(-2)
      const told = run.history.filter((one) => one.type === 'ok' && one.message !== undefined).slice(-2)
      if (!a || !b) return
      ;[a.seq, b.seq] = [b.seq, a.seq]
      ;[a.changed_seq, b.changed_seq] = [b.changed_seq, a.changed_seq]
      Object.assign(told[0] ?? {}, { seq: a.seq })
      Object.assign(told[1] ?? {}, { seq: b.seq })
    }
  ],
  [
    'I4',
    'frames in the wrong order',
    ({ run, ann, bob }) => {
      const first = run.send('ann')
      const second = run.send('ann')
      run.deliver(first, ann)
      run.deliver(second, ann, bob)
      run.record({
        type: 'asked',
        socket: bob,
        what: 'subscribe',
        conversation: run.room,
        since: Number(first.seq) - 1
      })
      run.deliver(first, bob)
      run.deliver(second, bob)
    }
  ],
  [
    'I4',
    'a replay that begins one too late',
    ({ run, ann, bob }) => {
      run.record({ type: 'closed', socket: bob, code: 1006 })
      const cursor = run.head
      run.deliver(run.send('ann'), ann)
      const second = run.send('ann')
      run.deliver(second, ann)
      const again = run.open('bob', 'bob', { since: cursor, start: false })
      run.receive(again, { ...second, prev: cursor })
    }
  ],
  [
    'I4',
    'subscribed moves over what was asked for',
    ({ run, ann, bob }) => {
      run.record({ type: 'closed', socket: bob, code: 1006 })
      const cursor = run.head
      run.deliver(run.send('ann'), ann)
      const again = run.open('bob', 'bob', { since: cursor, start: false })
      run.receive(again, { frame: 'subscribed', conversation: run.room, head: run.head })
    }
  ],
  [
    'I4',
    'one message under two numbers',
    ({ run, ann, bob }) => {
      const first = run.send('ann')
      run.deliver(first, ann, bob)
      run.receive(bob, { ...first, seq: Number(first.seq) + 1, prev: first.seq })
    }
  ],
  [
    'I5',
    'a text that nobody wrote',
    ({ run, ann, bob }) => {
      const frame = run.send('ann')
      run.deliver(frame, ann)
      run.receive(bob, { ...frame, body: 'changed on the way;' })
    }
  ],
  [
    'I5',
    'a frame that is not on the line',
    ({ run, bob }) => run.receive(bob, run.frame('member_added', run.head + 1, 'eve'))
  ],
  ['I6', 'a subscriber that never got the last message', ({ run, ann }) => run.deliver(run.send('ann'), ann)],
  [
    'I7',
    'a frame after the removal',
    ({ run, ann, bob }) => {
      run.deliver(run.member('remove', 'ann', 'bob'), ann, bob)
      run.deliver(run.send('ann'), ann, bob)
    }
  ],
  [
    'I7',
    'a replay while away, of what was said before the removal',
    ({ run, ann, bob }) => {
      const frame = run.send('ann')
      run.deliver(frame, ann)
      run.record({ type: 'closed', socket: bob, code: 1006 })
      run.deliver(run.member('remove', 'ann', 'bob'), ann)
      const again = run.open('bob', 'bob', { since: Number(frame.seq) - 1, start: false })
      run.receive(again, frame)
    }
  ],
  [
    'I7',
    'typing shown to someone who was removed',
    ({ run, ann, bob }) => {
      run.deliver(run.member('remove', 'ann', 'bob'), ann, bob)
      run.record(
        { type: 'received', socket: bob, frame: 'typing', conversation: run.room, user: 'ann' },
        10_000
      )
    }
  ],
  [
    'I7',
    'an error that tells an outsider too much',
    ({ run }) => {
      const op = run.invoke({
        kind: 'edit',
        user: 'eve',
        via: 'rest',
        conversation: run.room,
        message: 'message-1',
        body: 'x'
      })
      run.complete({ type: 'fail', op, code: 'forbidden' })
    }
  ],
  [
    'I7',
    'a send by someone who was removed',
    ({ run, ann, bob }) => {
      run.deliver(run.member('remove', 'ann', 'bob'), ann, bob)
      run.deliver(run.send('bob'), ann)
    }
  ],
  [
    'I8',
    'frames after the logout',
    ({ run, ann, bob }) => {
      const op = run.invoke({
        kind: 'logout',
        user: 'bob',
        session: 'bob-session',
        subject: 'bob-session',
        via: 'rest'
      })
      run.complete({ type: 'ok', op })
      run.clock += 2_000
      run.deliver(run.send('ann'), ann, bob)
    }
  ],
  [
    'I8',
    'REST serves an ended session',
    ({ run, bob }) => {
      const op = run.invoke({
        kind: 'logout',
        user: 'bob',
        session: 'bob-session',
        subject: 'bob-session',
        via: 'rest'
      })
      run.complete({ type: 'ok', op })
      run.record({ type: 'closed', socket: bob, code: 4501 })
      const get = {
        kind: 'get',
        user: 'bob',
        session: 'bob-session',
        via: 'rest',
        message: 'message-1'
      } as const
      const read = run.invoke({ ...get, conversation: run.room })
      run.complete({ type: 'ok', op: read, message: 'message-1', seq: 4 })
    }
  ],
  [
    'I9',
    'a read after the deletion has the text',
    ({ run, ann, bob }) => {
      const frame = run.send('ann')
      run.deliver(frame, ann, bob)
      run.deliver(run.delete('ann', frame.id), ann, bob)
      const op = run.invoke({
        kind: 'get',
        user: 'bob',
        via: 'rest',
        conversation: run.room,
        message: frame.id
      })
      run.complete({ type: 'ok', op, message: frame.id, seq: frame.seq, body: frame.body })
    }
  ],
  [
    'I9',
    'a log that keeps a deleted text',
    ({ run, ann, bob }) => {
      const frame = run.send('ann')
      run.deliver(frame, ann, bob)
      run.deliver(run.delete('ann', frame.id), ann, bob)
      run.truth.texts = [{ where: 'log', text: `{"msg":"${frame.body}"}` }]
    }
  ],
  [
    'I10',
    'an acknowledged message cannot be read',
    ({ run }) => {
      const op = run.invoke({
        kind: 'get',
        user: 'bob',
        via: 'rest',
        conversation: run.room,
        message: 'message-1'
      })
      run.complete({ type: 'fail', op, code: 'not_found' })
    }
  ],
  [
    'I11',
    'nothing is answered after healing',
    ({ run }) => {
      run.record({ type: 'mark', name: 'healed' })
      const op = run.invoke({
        kind: 'send',
        user: 'ann',
        via: 'socket',
        conversation: run.room,
        client_id: 'x',
        body: 'x'
      })
      run.complete({ type: 'unknown', op })
    }
  ],
  [
    'I11',
    'a client that does not come back',
    ({ run, ann, bob }) => {
      run.record({ type: 'closed', socket: bob, code: 1006 })
      run.record({ type: 'mark', name: 'healed' })
      run.deliver(run.send('ann'), ann)
    }
  ],
  ['I12', 'an outbox that does not drain', ({ run }) => Object.assign(run.truth, { unpublished: 3 })],
  [
    'I12',
    'memory that is not given back',
    ({ run }) => {
      const sample = { type: 'sample', process: 'api', fds: 20 } as const
      run.record({ ...sample, phase: 'baseline', heap_bytes: 100e6 })
      run.record({ ...sample, phase: 'final', heap_bytes: 900e6 })
    }
  ]
]

for (const [invariant, what, spoil] of bad) {
  t.test(`${invariant} fails on ${what}`, async (t) => {
    const parts = begin()
    t.same(violated(parts.run), [])
    spoil(parts)
    t.ok(violated(parts.run).includes(invariant), `${invariant} among ${violated(parts.run).join(' ')}`)
  })
}

t.test('the simple dialect', async (t) => {
  const show = (skip: number, order: number[]) => {
    const { run, ann, bob } = begin()
    const socket = 77
    const more = { client: 'old', user: 'cat', session: 'cat-session', conversation: run.room }
    run.record({ type: 'opened', socket, dialect: 'simple', asked_at: run.clock, ...more })
    const frames = Array.from({ length: 4 }, () => run.send('ann'))
    for (const frame of frames) run.deliver(frame, ann, bob)
    for (const n of order) {
      const frame = frames[n]
      if (frame && n !== skip) run.receive(socket, { ...frame, seq: undefined, prev: undefined })
    }
    return violated(run)
  }
  t.same(show(-1, [0, 1, 2, 3]), [])
  t.same(show(2, [0, 1, 2, 3]), ['I4', 'I6'], 'a message was skipped')
  t.same(show(3, [0, 1, 2, 3]), ['I6'], 'the last one never came')
  t.same(show(-1, [0, 2, 1, 3]), ['I5'], 'out of order')
  t.same(show(-1, [0, 1, 1, 2, 3]), ['I4'], 'twice')
})
