import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, installDebianPackage } from '@parley/local-servers'
import type { ChatSystem, RunningSystem } from './chat-system.ts'
import { plainMembers } from './node-peer.ts'
import { type Backend, startPeerPostgres, startRedis } from './peer-backends.ts'
import { startPeer } from './peer-process.ts'

// Debian's interpreter: the one its packages belong to.
const PYTHON = '/usr/bin/python3'
const DAPHNE = '/usr/bin/daphne'
const project = join(import.meta.dirname, '../peers/channels')
const lacks = 'no retry without doubling, no resume, drops what a full channel cannot take'

export const channelsInMemory = channelsSystem('Django Channels + daphne', false)
export const channelsRedis = channelsSystem('Django Channels + daphne + Redis', true)

function channelsSystem(name: string, withRedis: boolean): ChatSystem {
  const packages = ['python3-django-channels', 'daphne', 'python3-psycopg2']
  if (withRedis) packages.push('python3-channels-redis', 'redis-server')
  return {
    name,
    lacks,
    async whyMissing() {
      for (const one of packages) if (!(await installDebianPackage(one))) return `${one} cannot be installed`
      return existsSync(DAPHNE) ? undefined : 'daphne is not where Debian puts it'
    },
    start: () => startChannels(withRedis)
  }
}

async function startChannels(withRedis: boolean): Promise<RunningSystem> {
  const postgres = await startPeerPostgres()
  const backends: Backend[] = withRedis ? [await startRedis(), postgres] : [postgres]
  const env = {
    PYTHONPATH: project,
    PYTHONDONTWRITEBYTECODE: '1',
    DJANGO_SETTINGS_MODULE: 'chat_site.settings',
    DATABASE_URL: postgres.url,
    ...(withRedis ? { REDIS_URL: backends[0]?.url ?? '' } : {})
  }
  const migrated = spawnSync(PYTHON, ['-m', 'django', 'migrate', '--run-syncdb'], {
    env: { ...process.env, ...env },
    encoding: 'utf8'
  })
  if (migrated.status !== 0) throw new Error(`django migrate failed:\n${migrated.stderr}`)
  const port = await freePort()
  const args = [DAPHNE, '-b', '127.0.0.1', '-p', String(port), '--access-log', '/dev/null']
  const child = await startPeer({
    command: PYTHON,
    args: [...args, 'chat_site.asgi:application'],
    port,
    env
  })
  return {
    dialect: 'channels',
    ports: [port],
    processes: [{ name: 'daphne', pid: child.pid }, ...backends],
    makeMembers: async (rooms, per_room) => plainMembers(rooms, per_room),
    async [Symbol.asyncDispose]() {
      await child.stop({ signal: 'SIGKILL' })
      for (const backend of backends) await backend.stop()
    }
  }
}
