import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ChaosProxy, startChaosProxy } from '@parley/testing'
import { type Stack, startStack } from '../stack/topology.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

export interface ChaosStack {
  stack: Stack
  /** By `from>to`; `client>nginx` is a way to the gate that can be spoilt. */
  links: Map<string, ChaosProxy>
  /** Disks of their own, where they were asked for. */
  disks: Map<string, SmallDisk>
  /** Where each service's process listens for orders. */
  sockets: string
  /** What each process wrote. */
  logs: Map<string, string[]>
  /** Processes that ended although nobody asked them to. */
  deaths: string[]
  stop(): Promise<void>
}

export interface ChaosStackOptions {
  random: () => number
  /** Postgres and the broker get disks that can be filled. */
  smallDisks: boolean
}

const ATTEMPTS = 5
/** In megabytes. The images are sparse. */
const DISK_SIZES = { postgres: 6_000, nats: 1_000 }
const preload = pathToFileURL(join(import.meta.dirname, 'seams/preload.ts')).href

/** Two of each service, Postgres that waits for its disk, nats-server and nginx, every inner link through a chaos proxy. */
export async function startChaosStack(options: ChaosStackOptions): Promise<ChaosStack> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options)
    } catch (error) {
      // Ports are chosen before they are used, and others choose too.
      if (attempt === ATTEMPTS || !/address already in use/i.test(String(error))) throw error
    }
  }
}

async function start({ random, smallDisks }: ChaosStackOptions): Promise<ChaosStack> {
  const sockets = await mkdtemp(join(tmpdir(), 'parley-chaos-'))
  const dir = join(sockets, 'stack')
  const links = new Map<string, ChaosProxy>()
  const logs = new Map<string, string[]>()
  const deaths: string[] = []
  const disks = smallDisks ? await mountDisks(dir) : new Map<string, SmallDisk>()
  let stack: Stack | undefined
  const through = async (name: string, port: number) => {
    // A failover moves the database.
    const target = () => ({ port: name.endsWith('>postgres') ? (stack?.databasePort ?? port) : port })
    const link = await startChaosProxy({ target, random })
    links.set(name, link)
    return link.port
  }
  const stop = async () => {
    await stack?.stop()
    await Promise.all([...links.values()].map((link) => link.close()))
    for (const disk of disks.values()) await disk.unmount()
    await rm(sockets, { recursive: true, force: true })
  }
  try {
    stack = await startStack({
      api: 2,
      gateway: 2,
      notifier: 2,
      dir,
      env: {
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'info',
        NODE_OPTIONS: `--import=${preload}`,
        CHAOS_SOCKETS: sockets
      },
      log: (name, line) => {
        const lines = logs.get(name) ?? []
        logs.set(name, lines)
        lines.push(line)
      },
      died: (name, how) => deaths.push([`${name}: ${how}`, ...(logs.get(name) ?? []).slice(-20)].join('\n')),
      route: ({ from, to, port }) => through(`${from}>${to}`, port)
    })
    await through('client>nginx', Number(new URL(stack.url).port))
  } catch (error) {
    await stop()
    throw error
  }
  return { stack, links, disks, sockets, logs, deaths, stop }
}

async function mountDisks(dir: string): Promise<Map<string, SmallDisk>> {
  const disks = new Map<string, SmallDisk>()
  for (const [name, megabytes] of Object.entries(DISK_SIZES)) {
    const disk = await mountSmallDisk(join(dir, name), megabytes)
    if (disk) disks.set(name, disk)
  }
  return disks
}
