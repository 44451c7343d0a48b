/**
 * SQLSTATEs of a database that cannot answer right now: connection lost, out of resources, cancelled or shut down, locked for
 * too long, a deadlock or a conflict that another attempt mends.
 */
const passing = /^(?:08...|40001|40P01|53...|55P03|57014|57P0.)$/

const network: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT'
])

/** The driver's own failures have no code. */
const driver =
  /^Connection terminated|^timeout exceeded when trying to connect|connection error and is not queryable/

/** True where the same request may succeed once the database is back; a change may or may not have happened. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return passing.test(code) || network.has(code) || driver.test(error.message)
}
