import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, startPostgres, superuserUrl } from '@parley/local-servers'
import type { Part } from './part.ts'
import { databaseSettings, query } from './servers.ts'

/** Where the database is. A failover changes it. */
export interface DatabasePlace {
  dataDir: string
  port: number
}

export interface Standby {
  /** Kills the primary, for good, and lets the standby take its place: on another port, with everything that was acknowledged. */
  promote(): Promise<void>
}

const NAME = 'standby'
const SYNCHRONOUS_MS = 30_000

/**
 * Gives the database a synchronous standby. It is made by a cold copy, as the embedded PostgreSQL has no `pg_basebackup`: the
 * primary is stopped for that. Once this resolves, no commit is acknowledged that the standby does not have on its disk.
 */
export async function addStandby(primary: Part, place: DatabasePlace): Promise<Standby> {
  const { dataDir: old, port: old_port } = place
  const port = await freePort()
  const dataDir = join(old, `standby-${port}`)
  await primary.stop()
  for (const name of ['cluster', 'password'])
    await cp(join(old, name), join(dataDir, name), { recursive: true })
  await primary.start()
  const superuser = await superuserUrl(old, old_port)
  const { password } = new URL(superuser)
  await writeFile(join(dataDir, 'cluster', 'standby.signal'), '')
  const primary_conninfo = `host=127.0.0.1 port=${old_port} user=postgres password=${password} application_name=${NAME}`
  const standby = await startPostgres({
    dataDir,
    port,
    settings: { ...databaseSettings, primary_conninfo }
  })
  await makeSynchronous(superuser)
  return {
    async promote() {
      await primary.signal('SIGKILL')
      await query(standby.url, 'select pg_promote()')
      Object.assign(place, { dataDir, port })
      primary.become(standby)
      await rm(join(old, 'cluster'), { recursive: true, force: true })
    }
  }
}

async function makeSynchronous(url: string): Promise<void> {
  await query(url, `alter system set synchronous_standby_names = '${NAME}'`)
  await query(url, 'select pg_reload_conf()')
  const deadline = performance.now() + SYNCHRONOUS_MS
  while ((await query(url, `select from pg_stat_replication where sync_state = 'sync'`)) === 0) {
    if (performance.now() > deadline) throw new Error('the standby does not follow')
    await delay(50)
  }
}
