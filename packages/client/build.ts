// Builds what is published: a module of `dist/npm` for each in `src`, with declarations that need no other package. `npm run build`.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import * as contracts from '@parley/contracts'
import { declarationsOf } from './build/declarations.ts'

const home = import.meta.dirname
const built = join(home, 'dist/tsc')
const out = join(home, 'dist/npm')

const tsc = spawnSync(join(home, '../../node_modules/.bin/tsc'), ['-b', home], { stdio: 'inherit' })
if (tsc.status !== 0) process.exit(tsc.status ?? 1)
rmSync(out, { recursive: true, force: true })
for (const file of globSync('**/*.{js,d.ts}', { cwd: built })) {
  const target = join(out, file)
  mkdirSync(dirname(target), { recursive: true })
  if (file.endsWith('.js')) cpSync(join(built, file), target)
  else writeFileSync(target, selfContained(file))
}
writeFileSync(join(out, 'contracts.d.ts'), declarationsOf(contracts))

/** The contracts' types are a file beside, and the maps lead nowhere. */
function selfContained(file: string): string {
  const text = readFileSync(join(built, file), 'utf8')
  const path = relative(dirname(file), 'contracts.js')
  const specifier = path.startsWith('.') ? path : `./${path}`
  return text
    .replaceAll("'@parley/contracts'", `'${specifier}'`)
    .replaceAll(/from '(\.[^']*)\.ts'/g, "from '$1.js'")
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}
