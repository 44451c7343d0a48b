import fc from 'fast-check'
import t from 'tap'
import { OneOrMore } from '../../src/connection/one-or-more.ts'

t.test('one or more is a map, whatever is done to it', async (t) => {
  const keys = fc.constantFrom('a', 'b', 'c')
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key: keys, value: fc.integer() }),
    fc.record({ do: fc.constant('delete' as const), key: keys }),
    fc.record({ do: fc.constant('clear' as const) })
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const small = new OneOrMore<string, number>()
      const map = new Map<string, number>()
      for (const one of steps) {
        if (one.do === 'set') for (const m of [small, map]) m.set(one.key, one.value)
        else if (one.do === 'delete') for (const m of [small, map]) m.delete(one.key)
        else for (const m of [small, map]) m.clear()
        const same =
          small.size === map.size &&
          ['a', 'b', 'c'].every(
            (key) => small.get(key) === map.get(key) && small.has(key) === map.has(key)
          ) &&
          small.values().join() === [...map.values()].join()
        if (!same) return false
      }
      return true
    })
  )
  t.pass()
})
