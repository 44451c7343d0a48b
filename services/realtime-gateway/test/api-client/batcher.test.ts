import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { Batcher } from '../../src/api-client/batcher.ts'

interface Call {
  items: string[]
  answer(): void
  fail(error: Error): void
}

/** A queue whose calls end when the test says so. */
function testQueue(options: { max_items?: number; calls_in_flight?: number; max_waiting?: number } = {}) {
  const calls: Call[] = []
  /** Every item, in the order in which it left. */
  const left: string[] = []
  const queue = new Batcher<string, string>({
    max_items: 100,
    calls_in_flight: 2,
    max_waiting: 1_000,
    ...options,
    call: (items) =>
      new Promise((resolve, reject) => {
        left.push(...items)
        calls.push({ items, answer: () => resolve(items.map((item) => `${item}!`)), fail: reject })
      })
  })
  return { queue, calls, left }
}

t.test('what is asked in one turn travels in one call', async (t) => {
  const { queue, calls } = testQueue()
  const answers = Promise.all([queue.add('a', 1), queue.add('b', 2), queue.add('c', 1)])
  t.equal(queue.idle, false)
  await turn()
  t.strictSame(
    calls.map(({ items }) => items),
    [['a', 'b', 'c']]
  )
  calls[0]?.answer()
  t.strictSame(await answers, ['a!', 'b!', 'c!'])
  await turn()
  t.equal(queue.idle, true)
})

t.test('nobody waits for the call of another, and of one order nothing is in two calls', async (t) => {
  const { queue, calls } = testQueue()
  const first = queue.add('a', 1)
  await turn()
  const held = queue.add('b', 1)
  const other = queue.add('c', 2)
  await turn()
  t.strictSame(
    calls.map(({ items }) => items),
    [['a'], ['c']]
  )
  calls[1]?.answer()
  t.equal(await other, 'c!')
  t.equal(calls.length, 2, 'what is held back waits for its own call')
  calls[0]?.answer()
  t.equal(await first, 'a!')
  await turn()
  t.strictSame(calls[2]?.items, ['b'])
  calls[2]?.answer()
  t.equal(await held, 'b!')
})

t.test('a call that fails fails its own items', async (t) => {
  const { queue, calls } = testQueue()
  const first = queue.add('a', 1)
  await turn()
  const second = queue.add('b', 1)
  calls[0]?.fail(new Error('gone'))
  await t.rejects(first, { message: 'gone' })
  await turn()
  calls[1]?.answer()
  t.equal(await second, 'b!')
})

t.test('beyond what may wait: overloaded', async (t) => {
  const { queue, calls } = testQueue({ max_waiting: 2, calls_in_flight: 1 })
  const waiting = [queue.add('a', 1), queue.add('b', 2)]
  await t.rejects(queue.add('c', 3), { code: 'overloaded' })
  await turn()
  calls[0]?.answer()
  await Promise.all(waiting)
})

t.test('whatever the orders, sizes and ends: each once, and those of one order in theirs', async (t) => {
  const order = fc.integer({ min: 0, max: 3 })
  const step = fc.oneof(fc.record({ add: order }), fc.record({ end: fc.nat(5) }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, size) => {
        const { queue, calls, left } = testQueue({ max_items: size, calls_in_flight: 3 })
        const asked: string[] = []
        const answers: Promise<string>[] = []
        let ended = 0
        for (const one of steps) {
          if ('add' in one) {
            const item = `${one.add}-${asked.length}`
            asked.push(item)
            answers.push(queue.add(item, one.add))
          } else {
            await turn()
            const open = calls.slice(ended)
            if (open.length > 0) {
              // Any of those that are open: it is moved to the front, to be told from those that are not.
              const [call] = calls.splice(ended + (one.end % open.length), 1)
              if (call) calls.splice(ended++, 0, call)
              call?.answer()
            }
            await turn()
          }
        }
        while (!queue.idle) {
          await turn()
          while (ended < calls.length) calls[ended++]?.answer()
          await turn()
        }
        await Promise.all(answers)
        t.strictSame(left.toSorted(), asked.toSorted())
        for (const prefix of ['0-', '1-', '2-', '3-'])
          t.strictSame(
            left.filter((item) => item.startsWith(prefix)),
            asked.filter((item) => item.startsWith(prefix))
          )
      }
    ),
    { numRuns: 200 }
  )
  t.pass()
})
