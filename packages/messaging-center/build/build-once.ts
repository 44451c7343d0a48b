import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.ts'

const home = join(import.meta.dirname, '..')
const sites = join(home, 'dist/sites')
/** Older ones may still be served by processes that run, newer ones are what this checkout is. */
const KEPT = 3
const ABANDONED_MS = 3_600_000

/**
 * Resolves with the folder of the built files, which is named after what they are built from: nothing in it ever changes, and a
 * checkout that has it needs no right to write. Two that build at once do the same work, and the first to be done is kept.
 */
export async function buildMessagingCenter(): Promise<string> {
  const site = join(sites, fingerprint(home))
  if (existsSync(site)) return site
  const building = join(sites, `.building-${randomUUID()}`)
  await mkdir(building, { recursive: true })
  try {
    await buildInto(building)
    await rename(building, site).catch((error: unknown) => {
      if (!existsSync(site)) throw error
    })
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  await removeOld()
  return site
}

/** In a process of its own: the bundler's memory goes with it, and it sets variables of the process it runs in. */
async function buildInto(folder: string): Promise<void> {
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0)
    throw new Error(`the messaging center could not be built (${signal ?? `exit code ${code}`}):\n${output}`)
}

async function removeOld(): Promise<void> {
  const entries = await Promise.all(
    (await readdir(sites)).map(async (name) => {
      const path = join(sites, name)
      const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: 0 }
      return { path, building: name.startsWith('.'), age_ms: Date.now() - mtimeMs }
    })
  )
  const built = entries.filter(({ building }) => !building).toSorted((a, b) => a.age_ms - b.age_ms)
  const abandoned = entries.filter(({ building, age_ms }) => building && age_ms > ABANDONED_MS)
  for (const { path } of [...built.slice(KEPT), ...abandoned])
    await rm(path, { recursive: true, force: true })
}
