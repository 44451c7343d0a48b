import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startChild } from './child-process.ts'
import { accountFor, giveTo, type PostgresAccount } from './postgres-account.ts'

/** A data folder that holds a database cluster, ready to be served. */
export interface Cluster {
  /** What PostgreSQL calls its data directory. */
  directory: string
  /** Of the superuser `postgres`. */
  password: string
  account: PostgresAccount
}

const LOCALE = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
/** Nothing of the caller's PG… variables or locale may reach the server. */
export const postgresEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/**
 * The superuser's, database `postgres`, password included, of the cluster in `folder` when it is served on `port`. Rejects with
 * `ENOENT` where none was ever made.
 *
 * @example
 * await superuserUrl('./data/postgres', 5432)
 */
export async function superuserUrl(folder: string, port: number): Promise<string> {
  return urlFor(await readPassword(folder), port)
}

export function urlFor(password: string, port: number): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

/** Opens the cluster in `folder`, after making it where there is none. Made aside and renamed: half of one is never served. */
export async function openCluster(
  folder: string,
  { initdb, sync }: { initdb: string; sync: boolean }
): Promise<Cluster> {
  const directory = join(folder, 'cluster')
  const account = accountFor(folder)
  if (existsSync(directory)) return { directory, account, password: await readPassword(folder) }

  const passwordFile = join(folder, 'password')
  const password = randomBytes(24).toString('base64url')
  await writeFile(passwordFile, password, { mode: 0o600 })
  giveTo(account, passwordFile)
  const unfinished = `${directory}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const args = [
    `--pgdata=${unfinished}`,
    ...LOCALE,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256'
  ]
  if (!sync) args.push('--no-sync')
  const child = await startChild({
    ...account,
    command: initdb,
    args,
    env: postgresEnv,
    deathSignal: 'SIGTERM'
  })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`initdb failed in ${folder}:\n${child.output()}`)
  await rename(unfinished, directory)
  return { directory, account, password }
}

async function readPassword(folder: string): Promise<string> {
  return (await readFile(join(folder, 'password'), 'utf8')).trim()
}
