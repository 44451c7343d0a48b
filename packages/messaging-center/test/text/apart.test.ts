// What people are called within a sentence of ours.
import t from 'tap'
import { apart } from '../../src/strings/apart.ts'
import { stringsFor } from '../../src/strings/strings.ts'

t.test('what turns text around does so within itself only', async (t) => {
  for (const name of ['Ann', 'Ännchen', '李', '👩‍👩‍👧‍👦', '<b>', '']) t.equal(apart(name), name)
  t.equal(apart('שלום'), '\u2068שלום\u2069')
  t.equal(apart('\u202egnp.exe'), '\u2068\u202egnp.exe\u2069')
  t.equal(apart('a\u2067b'), '\u2068a\u2067b\u2069\u2069', 'what it begins ends with it')
  t.equal(
    apart('\u2069\u2069\u2066a\u2069\u2069\u202e'),
    '\u2068\u2066a\u2069\u202e\u2069',
    'and no more than that'
  )
})

t.test('what is filled in is not filled in again', async (t) => {
  const strings = stringsFor(['en'])
  t.equal(
    strings.t('conversations.saidBy', { name: '{text} {name} $& $1', text: '{name}' }),
    '{text} {name} $& $1: {name}'
  )
  t.equal(strings.t('conversations.saidBy', { name: '\u202eA', text: 'B' }), '\u2068\u202eA\u2069: B')
  t.equal(strings.list(['\u202eA', 'B']), '\u2068\u202eA\u2069 and B')
})
