import t from 'tap'
import { WriteLoad } from '../../src/rooms/write-load.ts'

t.test('a room waits only while writing each event by itself would take most of the loop', async (t) => {
  const load = new WriteLoad(20, () => 0.001)
  t.equal(load.note(1, 3_000), 0, 'a lone message')
  t.equal(load.note(10, 3_000), 0, 'a few at once')
  const wait = load.note(60, 1_000)
  t.ok(wait > 0 && wait < 20, `${wait} ms: the more load, the longer`)
  t.equal(load.note(1_000, 3_000), 20, 'at most as long as allowed')
})

t.test('what was long ago counts no more', async (t) => {
  const load = new WriteLoad(20, () => 0.001)
  load.note(100, 1_000)
  const begin = performance.now()
  let wait = 20
  while (wait > 0 && performance.now() - begin < 10_000) {
    await new Promise((resolve) => setImmediate(resolve))
    wait = load.note(0, 0)
  }
  t.equal(wait, 0)
})
