import { setTimeout as delay } from 'node:timers/promises'
import { type HistoryRecord, NotificationClient, readTruth, SimpleClient, type Truth } from '@parley/testing'
import { Client } from 'pg'
import type { Population } from './load/population.ts'

interface Head {
  conversation: string
  user: string
  head: number
}

export interface Settled {
  settled: boolean
  history: HistoryRecord[]
  truth: Truth
}

const HEADS = `select m.conversation_id as conversation, m.user_id as user, c.last_seq::float8 as head
  from members m join conversations c on c.id = m.conversation_id where m.removed_at is null and c.deleted_at is null`

/**
 * Waits until every client is connected and at the head of each room it follows, and the outbox is empty; gives up after
 * `timeout_ms`. What is then still behind is the checker's to find. The history and the ground truth are of one moment: a command
 * whose client was signed out meanwhile may be carried out late, and then it is waited again.
 */
export async function settle(
  population: Population,
  databaseUrl: string,
  timeout_ms: number
): Promise<Settled> {
  const { log } = population
  const deadline = performance.now() + timeout_ms
  for (;;) {
    const heads = await settledHeads(population, databaseUrl, deadline)
    log.record({ type: 'mark', name: 'settled' })
    const history = log.records.slice()
    const truth = await readTruth(databaseUrl)
    if (!heads || isAt(truth, heads)) return { settled: heads !== undefined, history, truth }
  }
}

function isAt({ conversations, unpublished }: Truth, heads: readonly Head[]): boolean {
  const last = new Map(conversations.map(({ id, last_seq }) => [id, last_seq]))
  return unpublished === 0 && heads.every(({ conversation, head }) => last.get(conversation) === head)
}

/** Undefined where the time is over. */
async function settledHeads(
  population: Population,
  databaseUrl: string,
  deadline: number
): Promise<Head[] | undefined> {
  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    while (performance.now() < deadline) {
      const { rows: heads } = await database.query<Head>(HEADS)
      const { rows } = await database.query<{ n: number }>(
        'select count(*)::float8 as n from outbox where not published'
      )
      if (rows[0]?.n === 0 && allThere(population, heads)) return heads
      await delay(200)
    }
    return undefined
  } finally {
    await database.end()
  }
}

function allThere(population: Population, heads: readonly Head[]): boolean {
  return population.clients().every((client) => {
    if (!client.isConnected) return false
    if (client instanceof SimpleClient || client instanceof NotificationClient) return true
    return heads
      .filter(({ user, conversation }) => user === client.identity.user && client.follows(conversation))
      .every(({ conversation, head }) => client.cursors.get(conversation) === head)
  })
}
