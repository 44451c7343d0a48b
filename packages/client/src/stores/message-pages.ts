import type { Message } from '@parley/contracts'
import type { Client } from '../client.ts'

/** The most that is given at once. */
const PAGE_MAX = 200

export interface PageQuery {
  before?: number
  after?: number
  limit: number
}

export interface Page {
  items: readonly Message[]
  /** There is more in the direction that was asked for. */
  more: boolean
  /** What the page shows is as of then or newer. */
  head: number
  /** Of a thread. */
  root?: Message
  read_seq?: number
}

export type ReadPage = (query: PageQuery) => Promise<Page>

/** Reads what was said in a conversation, or in one of its threads. */
export function pageReader(client: Client, conversation_id: string, thread_id: string | undefined): ReadPage {
  return async (query) => {
    const { next_cursor, ...page } =
      thread_id === undefined
        ? await client.conversation(conversation_id).history(query)
        : await client.rest('GET conversations/{conversation_id}/messages/{message_id}/thread/', {
            conversation_id,
            message_id: thread_id,
            ...query
          })
    return { ...page, more: next_cursor !== null }
  }
}

/** One page, or as many as it takes until there is one to show on it: some may hold nothing but replies in threads. */
export async function readSome(
  read: ReadPage,
  query: PageQuery,
  isShown: (message: Message) => boolean
): Promise<Page> {
  const page = await read(query)
  const items = page.items.filter(isShown)
  const edge = query.after === undefined ? page.items[0] : page.items.at(-1)
  if (items.length > 0 || !page.more || !edge) return { ...page, items }
  const beyond = query.after === undefined ? { before: edge.seq } : { after: edge.seq }
  return { ...(await readSome(read, { ...beyond, limit: PAGE_MAX }, isShown)), head: page.head }
}

/** Everything from `from` to `to`, and what else is on the last page. */
export async function readSpan(read: ReadPage, from: number, to: number): Promise<Page> {
  const first = await read({ after: from - 1, limit: PAGE_MAX })
  const last = first.items.at(-1)
  if (!first.more || !last || last.seq >= to) return first
  const rest = await readSpan(read, last.seq + 1, to)
  return { ...rest, items: [...first.items, ...rest.items], head: first.head }
}
