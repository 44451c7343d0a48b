/**
 * Builds the messaging center into static files, unless it is built from the same sources already.
 *
 * @example
 * const folder = await buildMessagingCenter()   // index.html and what it loads, to be served under /messaging/
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const home = join(import.meta.dirname, '..')
const site = join(home, 'dist/site')
const stamp = join(home, 'dist/site/.sources')

export async function buildMessagingCenter(): Promise<string> {
  const sources = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return site
  const { build } = await import('vite')
  await build({ configFile: join(home, 'vite.config.ts'), logLevel: 'warn' })
  writeFileSync(stamp, sources)
  return site
}

/** Everything that is built in: the pages, their scripts, and the client library. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const patterns = [
    '*.{html,css,ts,json}',
    'test-page/**',
    'public/**',
    'src/**',
    '../client/src/**',
    '../../pnpm-lock.yaml'
  ]
  for (const path of globSync(patterns, { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort())
    hash.update(path.slice(home.length)).update(readFileSync(path))
  return hash.digest('hex')
}
