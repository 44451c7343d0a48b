import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@parley/local-servers'
import type { Outcome, Scenario } from '../runner/scenario.ts'

const root = join(import.meta.dirname, '../../../..')
const START_MS = 300_000
const STOP_MS = 15_000

/** From the command to the first answer, as somebody meets it who has just cloned the repository. */
export const start: Scenario = {
  name: 'start',
  about:
    'npm start in a fresh copy of the tree until /readyz answers 200: with empty npm and pnpm caches and no node_modules, then once more.',
  metrics: [
    { key: 'cold', label: 'cold, caches empty', unit: 's', better: 'lower', target: 30 },
    { key: 'warm', label: 'warm', unit: 's', better: 'lower', target: 3 }
  ],
  contenders: [{ name: 'Parley', lacks: '', whyMissing: async () => undefined, measure }]
}

async function measure(): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-start-'))
  try {
    await copyTree(join(dir, 'tree'))
    const cold = await timeStart(dir)
    const warm = await timeStart(dir)
    return { values: { cold, warm } }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** What git knows, as it is in the working tree. */
async function copyTree(target: string): Promise<void> {
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  })
  for (const file of stdout.split('\0'))
    if (file !== '') await cp(join(root, file), join(target, file), { force: true }).catch(ignoreDeleted)
}

function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Seconds; all caches are below `dir`. */
async function timeStart(dir: string): Promise<number> {
  const port = await freePort()
  const { npm_config_cache: _, PATH, HOME, TMPDIR } = process.env
  const begin = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: join(dir, 'tree'),
    detached: true,
    stdio: 'ignore',
    env: {
      // Without what this workspace's own bootstrap put in front.
      PATH: (PATH ?? '')
        .split(':')
        .filter((part) => !part.includes('node_modules'))
        .join(':'),
      HOME,
      TMPDIR,
      PORT: String(port),
      npm_config_cache: join(dir, 'npm'),
      npm_config_store_dir: join(dir, 'store'),
      XDG_DATA_HOME: join(dir, 'data'),
      XDG_CACHE_HOME: join(dir, 'cache'),
      XDG_STATE_HOME: join(dir, 'state')
    }
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`)
      if (performance.now() - begin > START_MS) throw new Error('npm start took too long')
      await delay(20)
    }
    return (performance.now() - begin) / 1_000
  } finally {
    child.kill('SIGTERM')
    const killing = setTimeout(() => killGroup(child.pid), STOP_MS)
    await exited
    clearTimeout(killing)
  }
}

function killGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok
  } catch {
    // Nobody listens yet.
    return false
  }
}
