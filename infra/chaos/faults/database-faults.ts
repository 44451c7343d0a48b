import { readdirSync, readFileSync } from 'node:fs'
import { Client } from 'pg'
import type { Fault, Touched, World } from './fault.ts'

const touches: Touched[] = ['postgres', 'api']

/** Postgres killed, silent, moved, full of strangers, or holding on to what every request needs. */
export const databaseFaults: Fault[] = [
  {
    name: 'postgres-kill',
    touches,
    seconds: [0, 4],
    async begin({ stack }) {
      await stack.kill('postgres')
      return () => stack.restart('postgres')
    }
  },
  {
    name: 'postgres-pause',
    touches,
    seconds: [1, 8],
    async begin({ stack }) {
      const postmaster = stack.processes.find(({ name }) => name === 'postgres')?.pid
      if (postmaster === undefined) throw new Error('there is no postgres')
      // The postmaster first, or it would start new backends meanwhile.
      const paused = [postmaster]
      process.kill(postmaster, 'SIGSTOP')
      for (const pid of childrenOf(postmaster)) if (signal(pid, 'SIGSTOP')) paused.push(pid)
      return async () => {
        for (const pid of paused.toReversed()) signal(pid, 'SIGCONT')
      }
    }
  },
  {
    name: 'postgres-locked',
    touches,
    seconds: [1, 6],
    begin: ({ stack }) => hold(stack, 'select 1 from conversations order by id for update')
  },
  {
    // Every request waits for its session, and soon every connection of the pools with it.
    name: 'postgres-pool-exhausted',
    touches,
    seconds: [1, 6],
    begin: ({ stack }) => hold(stack, 'lock table sessions in access exclusive mode')
  },
  {
    name: 'postgres-connections-taken',
    touches,
    seconds: [2, 6],
    async begin({ stack, links }) {
      const taken = await takeConnections(stack.databaseUrl)
      // Whoever had one has to ask for it again.
      for (const [name, link] of links) if (name.endsWith('>postgres')) link.reset()
      return async () => {
        await Promise.all(taken.map((client) => client.end()))
      }
    }
  },
  {
    name: 'postgres-failover',
    touches,
    seconds: [2, 6],
    async begin({ stack, links }) {
      const standby = await stack.addStandby()
      return async () => {
        await standby.promote()
        for (const [name, link] of links) if (name.endsWith('>postgres')) link.reset()
      }
    }
  }
]

/** In a transaction of its own until it is ended. */
async function hold({ databaseUrl }: World['stack'], sql: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('begin')
  await client.query(sql)
  return async () => {
    await client.query('rollback')
    await client.end()
  }
}

async function takeConnections(connectionString: string): Promise<Client[]> {
  const taken: Client[] = []
  for (;;) {
    const client = new Client({ connectionString })
    client.on('error', () => undefined)
    try {
      await client.connect()
      taken.push(client)
    } catch {
      return taken
    }
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent)
}

/** Undefined for a process that is no more. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** False where the backend has ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
