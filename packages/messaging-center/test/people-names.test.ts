import t from 'tap'
import { intentKeys } from '../src/app/intent-keys.ts'
import { neighbourOf } from '../src/app/neighbour-of.ts'
import { conversationEdit } from '../src/conversations/conversation-edit.ts'
import { activeAfter } from '../src/people/listbox-keys.ts'
import { bestFit, fit } from '../src/people/name-match.ts'

t.test('a name fits by the beginnings of its words, in any order', async (t) => {
  const name = 'Smith, Jane'
  t.ok(fit('ja sm', name))
  t.ok(fit('JANE', name))
  t.ok(fit('mit', name), 'or by a part')
  t.notOk(fit('jane x', name))
  t.notOk(fit('?!', name))
  t.ok(fit('', name), 'nothing fits everything')
  t.ok(fit('renee', 'Renée'), 'accents make no difference')
  t.ok(fit('مر', 'مريم'), 'in any script')
  t.ok(fit('🍵', 'Tea 🍵'))
})

t.test('the better it fits, the higher', async (t) => {
  const order = ['tea room', 'big tea room', 'steam engine'].map((name) => fit('tea', name))
  t.strictSame(order, [4, 3, 2])
  t.equal(bestFit('ann', ['x', 'Ann']), 4)
  t.equal(bestFit('ann', []), 0)
})

t.test('arrows go round in a list below a field', async (t) => {
  t.equal(activeAfter('ArrowDown', 0, 3), 1)
  t.equal(activeAfter('ArrowDown', 2, 3), 0)
  t.equal(activeAfter('ArrowUp', 0, 3), 2)
  t.equal(activeAfter('PageDown', 0, 3), 2)
  t.equal(activeAfter('ArrowDown', 0, 0), undefined)
  t.equal(activeAfter('a', 0, 3), undefined)
})

t.test('the same wish keeps its key', async (t) => {
  const keyOf = intentKeys()
  t.equal(keyOf({ title: 'Tea' }), keyOf({ title: 'Tea' }))
  t.not(keyOf({ title: 'Tea' }), keyOf({ title: 'Coffee' }))
  t.not(keyOf(1), intentKeys()(1))
})

t.test('only what was changed of a group is sent', async (t) => {
  const before = { title: 'Tea', description: 'Leaves' }
  t.equal(conversationEdit(before, { title: ' Tea ', description: 'Leaves', public: false }), undefined)
  t.strictSame(conversationEdit(before, { title: '', description: ' ', public: true }), {
    title: null,
    description: null,
    public: true
  })
})

t.test('the next conversation comes after the one that is open, and goes round', async (t) => {
  const items = ['a', 'b', 'c'].map((id) => ({ id }))
  t.equal(neighbourOf(items, 'b', 1)?.id, 'c')
  t.equal(neighbourOf(items, 'c', 1)?.id, 'a')
  t.equal(neighbourOf(items, 'a', -1)?.id, 'c')
  t.equal(neighbourOf(items, undefined, 1)?.id, 'a')
  t.equal(neighbourOf(items, undefined, -1)?.id, 'c')
  t.equal(neighbourOf([], 'a', 1), undefined)
})
