import { type ChaosProxy, startChaosProxy } from '@parley/testing'
import { type Stack, startStack } from '../stack/topology.ts'

export interface ChaosStack {
  stack: Stack
  /** By `from>to`; `client>nginx` is a way to the gate that can be spoilt. */
  links: Map<string, ChaosProxy>
  /** What each process wrote. */
  logs: Map<string, string[]>
  /** Processes that ended although nobody asked them to. */
  deaths: string[]
  stop(): Promise<void>
}

const ATTEMPTS = 5

/** Two of each service, Postgres that waits for its disk, nats-server and nginx, every inner link through a chaos proxy. */
export async function startChaosStack(random: () => number): Promise<ChaosStack> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(random)
    } catch (error) {
      // Ports are chosen before they are used, and others choose too.
      if (attempt === ATTEMPTS || !/address already in use/i.test(String(error))) throw error
    }
  }
}

async function start(random: () => number): Promise<ChaosStack> {
  const links = new Map<string, ChaosProxy>()
  const logs = new Map<string, string[]>()
  const deaths: string[] = []
  const through = async (name: string, port: number) => {
    const link = await startChaosProxy({ target: () => ({ port }), random })
    links.set(name, link)
    return link.port
  }
  const closeLinks = () => Promise.all([...links.values()].map((link) => link.close()))
  const starting = startStack({
    api: 2,
    gateway: 2,
    notifier: 2,
    env: { RATE_LIMITS: 'off', LOG_LEVEL: 'info' },
    log: (name, line) => {
      const lines = logs.get(name) ?? []
      logs.set(name, lines)
      lines.push(line)
    },
    died: (name, how) => deaths.push([`${name}: ${how}`, ...(logs.get(name) ?? []).slice(-20)].join('\n')),
    route: ({ from, to, port }) => through(`${from}>${to}`, port)
  })
  const stack = await starting.catch(async (error: unknown) => {
    await closeLinks()
    throw error
  })
  await through('client>nginx', Number(new URL(stack.url).port))
  return {
    stack,
    links,
    logs,
    deaths,
    async stop() {
      await stack.stop()
      await closeLinks()
    }
  }
}
