import { join } from 'node:path'
import { startStack, type Stack } from '../../../../infra/stack/topology.ts'
import { findNatsServer, findNginx, installDebianPackage, superuserUrl } from '@parley/local-servers'
import { inspectable } from '../machine/inspector.ts'
import type { ChatSystem, RunningSystem } from './chat-system.ts'
import { seedRooms } from './seed-rooms.ts'
import { settleLog } from './settle-log.ts'

export interface RunningParley extends RunningSystem {
  readonly stack: Stack
}

/** The distributed topology, loaded at the gateways' own ports. */
export function parleySystem({ gateways = 1 } = {}): ChatSystem {
  return {
    name: gateways === 1 ? 'Parley' : `Parley, ${gateways} gateways`,
    lacks: '',
    whyMissing: whyParleyMissing,
    start: () => startParley({ gateways })
  }
}

export async function whyParleyMissing(): Promise<string | undefined> {
  if (!findNatsServer() && !(await installDebianPackage('nats-server'))) return 'nats-server is not installed'
  if (!findNginx() && !(await installDebianPackage('nginx'))) return 'nginx is not installed'
  return undefined
}

export async function startParley({ gateways = 1 } = {}): Promise<RunningParley> {
  const env = { LOG_LEVEL: 'warn', RATE_LIMITS: 'off', ...inspectable }
  const stack = await startStack({ gateway: gateways, env })
  await settleLog(await superuserUrl(join(stack.dir, 'postgres'), stack.databasePort))
  const holdsSockets = ({ name }: { name: string }) => name.startsWith('gateway-')
  return {
    stack,
    dialect: 'parley',
    ports: stack.processes.filter(holdsSockets).map(({ port }) => port),
    processes: [
      ...stack.processes.filter(holdsSockets),
      ...stack.processes.filter((one) => !holdsSockets(one))
    ],
    makeMembers: (rooms, per_room) => seedRooms(stack.databaseUrl, { rooms, per_room }),
    [Symbol.asyncDispose]: () => stack.stop()
  }
}
