import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { findNatsServer } from '@parley/local-servers'
import { diskSyncMillis } from './disk-sync.ts'
import { loopbackWriteMicros } from './loopback-write.ts'

/** What a figure was measured on. */
export interface Machine {
  cpu: string
  cores: number
  memory_gib: number
  kernel: string
  /** Of the last minute, before the first run: what else the machine was doing. */
  load_average: number
  /** What a write of 200 bytes to a loopback socket costs: see {@link loopbackWriteMicros}. */
  loopback_write_us: number
  /** What a commit waits for: see {@link diskSyncMillis}. */
  disk_sync_ms: ReturnType<typeof diskSyncMillis>
  versions: Record<string, string>
}

export async function describeMachine(): Promise<Machine> {
  const [first] = cpus()
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load_average: loadavg()[0] ?? 0,
    loopback_write_us: Number((await loopbackWriteMicros()).toFixed(1)),
    disk_sync_ms: diskSyncMillis(),
    versions: {
      node: process.version,
      postgres: '18.4 (embedded)',
      nats: firstLine(findNatsServer(), '--version'),
      pgbench: firstLine('pgbench', '--version'),
      ws: packageVersion('ws'),
      'socket.io': packageVersion('socket.io'),
      channels: debianVersion('python3-django-channels'),
      daphne: debianVersion('daphne'),
      redis: debianVersion('redis-server'),
      commit: firstLine('git', 'rev-parse', '--short', 'HEAD')
    }
  }
}

const MISSING = 'missing'

function firstLine(command: string | undefined, ...args: string[]): string {
  if (command === undefined) return MISSING
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return stdout?.split('\n')[0]?.trim() || MISSING
}

function debianVersion(name: string): string {
  return firstLine('dpkg-query', '-W', '-f', '${Version}', name)
}

function packageVersion(name: string): string {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`)
    return String((manifest as { version?: unknown }).version)
  } catch {
    return MISSING
  }
}
