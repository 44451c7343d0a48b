import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** All that is built in, and what builds it. */
const patterns = [
  '*.{html,css,ts,json}',
  'build/**',
  'public/**',
  'src/**',
  'test-page/**',
  '../client/src/**',
  '../../pnpm-lock.yaml'
]

/** The same for the same sources, wherever the checkout is. */
export function fingerprint(home: string): string {
  const hash = createHash('sha256')
  const paths = globSync(patterns, { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.toSorted()) {
    const text = readFileSync(path)
    hash.update(`${relative(home, path)} ${text.length}\n`).update(text)
  }
  return hash.digest('hex').slice(0, 20)
}
