import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
/** So many commits ago, where `CHAOS_OLD_VERSION` names none. */
const COMMITS_AGO = 10

let found: Promise<string | undefined> | undefined

/** The folder of an earlier version of this repository, installed and ready to be run; undefined where git or that version is not to be had. */
export function findOldVersion(): Promise<string | undefined> {
  found ??= prepare(process.env.CHAOS_OLD_VERSION ?? `HEAD~${COMMITS_AGO}`)
  return found
}

async function prepare(revision: string): Promise<string | undefined> {
  const commit = spawnSync('git', ['-C', root, 'rev-parse', '--verify', `${revision}^{commit}`], {
    encoding: 'utf8'
  })
  if (commit.status !== 0) return undefined
  const folder = join(tmpdir(), `parley-old-${commit.stdout.trim()}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished)
  const install = 'npx --yes pnpm@12.21.0 install --frozen-lockfile --trust-lockfile'
  const script = `git -C "$1" archive "$2" | tar -x -C "$3" && cd "$3" && ${install}`
  const { status, stdout } = spawnSync('sh', ['-c', script, 'sh', root, commit.stdout.trim(), unfinished], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 180_000
  })
  if (status !== 0) {
    process.stderr.write(stdout)
    rmSync(unfinished, { recursive: true, force: true })
    return undefined
  }
  renameSync(unfinished, folder)
  return folder
}
