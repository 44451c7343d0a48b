import { setTimeout as delay } from 'node:timers/promises'
import { LoadClient } from '../load/load-client.ts'
import { Inspector, type NodeMemory } from '../machine/inspector.ts'
import { kernelBytes } from '../machine/kernel-memory.ts'
import { residentBytes } from '../machine/process-usage.ts'
import type { Outcome, Scenario } from '../runner/scenario.ts'
import { channelsInMemory } from '../systems/channels-system.ts'
import type { ChatSystem } from '../systems/chat-system.ts'
import { parleySystem } from '../systems/parley-system.ts'
import { plainWs } from '../systems/plain-ws-system.ts'
import { socketIoInMemory } from '../systems/socket-io-system.ts'
import { contenderOf } from './measured-run.ts'

const PER_ROOM = 10
/** What a server does after a connection is done by then. */
const SETTLE_MS = 3_000
/** Opened and closed before the first look: compiled code and pools are a process's, not a connection's. */
const WARM_UP_SOCKETS = 1_000

/** What a connection costs that says nothing. */
export function idle(sockets: number): Scenario {
  return {
    name: `idle-${sockets}`,
    about: `${sockets} connections in rooms of ${PER_ROOM}, after a full garbage collection, against the same server after its first ${WARM_UP_SOCKETS} have come and gone. The kernel's share is half of what both ends take.`,
    metrics: [
      {
        key: 'process',
        label: 'process, without semi-space',
        unit: 'B',
        better: 'lower',
        target: 5_000,
        stretch: 4_000
      },
      { key: 'heap', label: 'of that, JavaScript heap', unit: 'B', better: 'lower' },
      { key: 'rss', label: 'resident, with semi-space', unit: 'B', better: 'lower' },
      { key: 'kernel', label: 'kernel', unit: 'B', better: 'lower', target: 4_400 }
    ],
    contenders: [
      ...[parleySystem(), socketIoInMemory, plainWs].map((system) =>
        contenderOf(system, () => measure(system, sockets, nodeMemory))
      ),
      contenderOf(channelsInMemory, () => measure(channelsInMemory, sockets, plainMemory))
    ]
  }
}

type ReadMemory = (pid: number) => Promise<NodeMemory>

async function nodeMemory(pid: number): Promise<NodeMemory> {
  await using inspector = await Inspector.open(pid)
  return await inspector.memory()
}

async function plainMemory(pid: number): Promise<NodeMemory> {
  return { rss: residentBytes(pid), heap_used: Number.NaN, new_space: 0, external: 0 }
}

async function measure(system: ChatSystem, sockets: number, read: ReadMemory): Promise<Outcome> {
  await using running = await system.start()
  const [server] = running.processes
  if (!server) throw new Error(`${system.name} has no process`)
  await using load = LoadClient.start()
  const members = await running.makeMembers(sockets / PER_ROOM, PER_ROOM)
  const { dialect, ports } = running
  await load.connect({ dialect, ports, members: members.slice(0, WARM_UP_SOCKETS) })
  await load.closeSockets()
  await delay(SETTLE_MS)
  const before = { ...(await read(server.pid)), kernel: kernelBytes() }
  const { elapsed_ms } = await load.connect({ dialect, ports, members })
  await delay(SETTLE_MS)
  const after = { ...(await read(server.pid)), kernel: kernelBytes() }
  const each = (key: keyof typeof before) => (after[key] - before[key]) / sockets
  const heap = each('heap_used')
  return {
    values: {
      process: each('rss') - each('new_space'),
      rss: each('rss'),
      kernel: each('kernel') / 2,
      ...(Number.isNaN(heap) ? {} : { heap })
    },
    details: { connect_ms: elapsed_ms, before, after }
  }
}
