import { setTimeout as delay } from 'node:timers/promises'
import { RecordingClient } from '@parley/testing'
import { Client } from 'pg'
import type { Population } from './load/population.ts'

interface Head {
  conversation: string
  user: string
  head: number
}

const HEADS = `select m.conversation_id as conversation, m.user_id as user, c.last_seq::float8 as head
  from members m join conversations c on c.id = m.conversation_id where m.removed_at is null and c.deleted_at is null`

/**
 * Waits until every client is connected and at the head of each room it follows, and the outbox is empty; gives up after
 * `timeout_ms`. What is then still behind is the checker's to find.
 */
export async function settle(
  population: Population,
  databaseUrl: string,
  timeout_ms: number
): Promise<boolean> {
  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const deadline = performance.now() + timeout_ms
    while (performance.now() < deadline) {
      const { rows: heads } = await database.query<Head>(HEADS)
      const { rows } = await database.query<{ n: number }>(
        'select count(*)::float8 as n from outbox where not published'
      )
      if (rows[0]?.n === 0 && allThere(population, heads)) return true
      await delay(200)
    }
    return false
  } finally {
    await database.end()
  }
}

function allThere(population: Population, heads: readonly Head[]): boolean {
  return population.clients().every((client) => {
    if (!client.isConnected) return false
    if (!(client instanceof RecordingClient)) return true
    return heads
      .filter(({ user, conversation }) => user === client.identity.user && client.follows(conversation))
      .every(({ conversation, head }) => client.cursors.get(conversation) === head)
  })
}
