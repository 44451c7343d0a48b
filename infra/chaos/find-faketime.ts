import { findCommand, installDebianPackage } from '@parley/local-servers'

/** Whether `faketime` is there; installed from Debian where that is possible. */
export async function findFaketime(): Promise<boolean> {
  return findCommand('faketime') !== undefined || (await installDebianPackage('faketime'))
}
