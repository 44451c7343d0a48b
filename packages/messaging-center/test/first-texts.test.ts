// The texts of what is there from the beginning are there with it: no part shows the name of a text instead.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { later } from '../src/strings/en-later.ts'
import { en } from '../src/strings/en.ts'
import { loadStrings, stringsFor } from '../src/strings/strings.ts'
import { laterTexts } from '../src/strings/texts.ts'

const src = join(import.meta.dirname, '../src')
/** Names the texts of its table for a sheet that is loaded later. */
const exempt = new Set([join(src, 'shortcuts/shortcuts.ts')])

t.test('parts that are loaded at once use no texts that are loaded later', async (t) => {
  const files = loadedWith('element.tsx', 'messages/message-pane.tsx')
  t.ok(files.size > 80, `${files.size} files`)
  const isLater = (key: string) => {
    const [section = '', name = ''] = key.split('.')
    return Object.hasOwn((later as Record<string, object>)[section] ?? {}, name)
  }
  for (const file of files) {
    if (exempt.has(file)) continue
    const keys = Array.from(readFileSync(file, 'utf8').matchAll(/'(\w+\.\w+)'/g), ([, key = '']) => key)
    t.strictSame(keys.filter(isLater), [], file)
  }
})

t.test('a text stands in one place', async (t) => {
  const keys = [en, later].flatMap((texts) =>
    Object.entries(texts).flatMap(([section, names]) =>
      Object.keys(names).map((name) => `${section}.${name}`)
    )
  )
  t.equal(new Set(keys).size, keys.length)
})

t.test(
  'later texts come in every language that is in use, also in one that is chosen afterwards',
  async (t) => {
    const english = stringsFor(['en'])
    await laterTexts()
    t.equal(english.t('pins.empty'), 'Nothing is pinned')
    const german = await loadStrings(['de'])
    t.equal(german.t('common.cancel'), 'Abbrechen')
    t.equal(german.t('pins.empty'), 'Nichts ist angeheftet')
  }
)

/** The files that these import, and those import, at once. */
function loadedWith(...names: string[]): Set<string> {
  const files = new Set<string>()
  const visit = (file: string) => {
    if (files.has(file) || !existsSync(file)) return
    files.add(file)
    const imports = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s(?!type\s)[^'"]*?from '(\.[^']+)'/gm
    )
    for (const [, path = ''] of imports) visit(join(dirname(file), path))
  }
  for (const name of names) visit(join(src, name))
  return files
}
