// What an answer's end means: only the gateway knows whether everything has come.
import t from 'tap'
import type { WireFrame } from '../../src/connection/transport.ts'
import type { FallbackSetup, RoomCursors } from '../../src/fallback/fallback-transport.ts'
import { longPollReader } from '../../src/fallback/long-poll.ts'

interface Answer {
  items: object[]
  complete?: string[]
}

/** Reads these answers; what was told of the rooms `a` and `b`, in order, and how long each request would have waited. */
async function read(answers: Answer[]) {
  const told: string[] = []
  const waits: (number | undefined)[] = []
  const open = new Set(['a', 'b'])
  const abort = new AbortController()
  const request: FallbackSetup['request'] = async ({ wait }) => {
    waits.push(wait)
    const answer = answers[waits.length - 1]
    if (!answer) throw new Error('the last answer')
    return Response.json({ cursors: {}, errors: {}, ...answer })
  }
  const rooms: RoomCursors = {
    cursors: () => ({ a: 0, b: 0 }),
    frame: ({ type }: WireFrame) => {
      told.push(type)
      if (type === 'gap') abort.abort()
    },
    complete: (id) => {
      if (open.delete(id)) told.push(`${id} is complete`)
    },
    get incomplete() {
      return open.size > 0
    }
  }
  const reader = longPollReader({ request } as FallbackSetup)
  await reader.read(rooms, abort.signal).catch(() => undefined)
  return { told, waits }
}

t.test('STR-3 a short answer may be a part: what is complete is said', async (t) => {
  const { told, waits } = await read([
    { items: [{ type: 'one' }], complete: ['b'] },
    { items: [{ type: 'two' }], complete: ['a', 'b'] },
    { items: [] }
  ])
  t.strictSame(told, ['one', 'b is complete', 'two', 'a is complete'])
  t.strictSame(waits.slice(0, 3), [0, 0, 25], 'nobody waits while something is missing')
})

t.test('where it is not said, an empty answer says it', async (t) => {
  const { told } = await read([{ items: [{ type: 'one' }] }, { items: [] }])
  t.strictSame(told, ['one', 'a is complete', 'b is complete'])
})

t.test('a frame that shows a gap has the rest asked for anew', async (t) => {
  const { told, waits } = await read([{ items: [{ type: 'gap' }], complete: ['a', 'b'] }])
  t.strictSame(told, ['gap'])
  t.equal(waits.length, 1)
})
