import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { findCommand, installDebianPackage } from '@parley/local-servers'

const SHARED = '/dev/shm'

/** Whether `faketime` is there; installed from Debian where that is possible. */
export async function findFaketime(): Promise<boolean> {
  return findCommand('faketime') !== undefined || (await installDebianPackage('faketime'))
}

/**
 * Removes what `faketime` left in shared memory for processes that are gone. A process that is killed leaves it there, and a later one that
 * happens to get the same pid would not start.
 */
export async function removeFaketimeLeftovers(): Promise<void> {
  for (const name of await readdir(SHARED)) {
    const pid = /^(?:sem\.)?faketime_(?:sem|shm)_(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await rm(`${SHARED}/${name}`, { force: true })
  }
}
