import { chownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { succeeds } from './child-process.ts'

/** As whom PostgreSQL's programs run: they refuse to be root. */
export interface PostgresAccount {
  via?: readonly string[]
  uid?: number
  gid?: number
}

const NOBODY = 65534
const asNobody = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']

/**
 * The account that owns `dataDir`. Root becomes "nobody" in a user namespace, in which root's files are nobody's; where the kernel
 * or the container forbids such namespaces the folder is given to the real nobody.
 */
export function accountFor(dataDir: string): PostgresAccount {
  if (process.getuid?.() !== 0) return {}
  const { uid, gid } = lstatSync(dataDir)
  if (uid !== 0) return { uid, gid }
  const [command = '', ...args] = asNobody
  if (succeeds(command, [...args, 'true'])) return { via: asNobody }
  const account = { uid: NOBODY, gid: NOBODY }
  giveTo(account, dataDir)
  return account
}

/** Gives a file, or a folder with all in it, to the account, where it is another than this process's. */
export function giveTo({ uid, gid }: PostgresAccount, path: string): void {
  if (uid === undefined || gid === undefined) return
  chownSync(path, uid, gid)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) giveTo({ uid, gid }, join(path, name))
}
