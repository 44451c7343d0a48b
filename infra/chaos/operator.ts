import { join } from 'node:path'
import { startChild } from '@parley/local-servers'
import type { Stack } from '../stack/topology.ts'
import type { Operate } from './load/population.ts'

const root = join(import.meta.dirname, '../..')
const script = 'services/conversation-api/src/operator.ts'
const PATIENCE_MS = 15_000

/** The operator's command, run as a process of its own against this stack. */
export function operatorOf(stack: Stack): Operate {
  return async (operation, username) => {
    const { PATH } = process.env
    const child = await startChild({
      command: process.execPath,
      args: [script, operation, username],
      cwd: root,
      env: { PATH, DATABASE_URL: stack.databaseUrl, NATS_URL: stack.brokerUrls.api },
      deathSignal: 'SIGKILL'
    })
    const late = setTimeout(() => child.signal('SIGKILL'), PATIENCE_MS)
    const { code } = await child.exited
    clearTimeout(late)
    return code === 0
  }
}
