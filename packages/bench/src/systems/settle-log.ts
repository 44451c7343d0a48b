import { withClient } from './with-client.ts'

/** Of 16 MB each: more than any measurement writes. */
const SEGMENTS = 32

/**
 * Gives a new database the write-ahead log of one that has run for a day: files that are there and are used again. Without them
 * PostgreSQL makes one for every 16 MB, fills it with zeros and waits for the disk, 65 to 90 ms here in which nobody commits; at 1,000 sends/s
 * that happens every few seconds and is the p99 of whatever is measured. `url`: the superuser's.
 *
 * @example
 * await settleLog(postgres.url)
 */
export async function settleLog(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`alter system set min_wal_size = '${SEGMENTS * 16}MB'`)
    await client.query('select pg_reload_conf()')
    for (let n = 0; n < SEGMENTS; n++) {
      await client.query(`select pg_logical_emit_message(false, 'settle', '')`)
      await client.query('select pg_switch_wal()')
    }
    await client.query('checkpoint')
  })
}
