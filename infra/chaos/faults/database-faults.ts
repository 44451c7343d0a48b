import { readdirSync, readFileSync } from 'node:fs'
import { Client } from 'pg'
import type { Fault, Touched } from './fault.ts'

const touches: Touched[] = ['postgres', 'api']

/** Postgres killed, silent, or holding on to the rows that every write needs. */
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
    async begin({ stack }) {
      const client = new Client({ connectionString: stack.databaseUrl })
      await client.connect()
      await client.query('begin')
      await client.query('select 1 from conversations order by id for update')
      return async () => {
        await client.query('rollback')
        await client.end()
      }
    }
  }
]

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
