import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, installDebianPackage, startPostgres } from '@parley/local-servers'
import { startPeer } from './peer-process.ts'
import { settleLog } from './settle-log.ts'

const REDIS = '/usr/bin/redis-server'

export interface Backend {
  name: string
  pid: number
  url: string
  stop(): Promise<void>
}

/** A database of the peer's own, with the settings that Parley's has. */
export async function startPeerPostgres(): Promise<Backend> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-postgres-'))
  const server = await startPostgres({ dataDir, settings: { max_connections: 200 } })
  await settleLog(server.url)
  return {
    name: 'postgres',
    pid: server.pid,
    url: server.url,
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

export async function whyRedisMissing(): Promise<string | undefined> {
  return (await installDebianPackage('redis-server')) ? undefined : 'redis-server cannot be installed'
}

/** As a broker: it keeps nothing. */
export async function startRedis(): Promise<Backend> {
  const port = await freePort()
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
  const child = await startPeer({ command: REDIS, args, port, cwd: tmpdir() })
  return {
    name: 'redis',
    pid: child.pid,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await child.stop()
    }
  }
}
