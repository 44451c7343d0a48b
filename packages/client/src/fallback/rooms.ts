import type { Conversation } from '@parley/contracts'
import { pages } from '../conversation.ts'
import type { Rest } from '../rest/rest.ts'

/** My conversations with their heads, which a stream has to be told. */
export async function listHeads(rest: Rest): Promise<Map<string, number>> {
  const heads = new Map<string, number>()
  for await (const { id, head } of pages<Conversation>((page) => rest('GET conversations/', page)))
    heads.set(id, head)
  return heads
}

export async function headOf(rest: Rest, conversation_id: string): Promise<number> {
  return (await rest('GET conversations/{conversation_id}/', { conversation_id })).head
}

/** Where I came into a conversation, so that it can be followed from there; undefined if I am not in it. */
export async function joinedAt(
  rest: Rest,
  conversation_id: string,
  user_id: string
): Promise<number | undefined> {
  const route = 'GET conversations/{conversation_id}/members/'
  for await (const { user, joined_seq } of pages((page) => rest(route, { conversation_id, ...page })))
    if (user.id === user_id) return joined_seq
  return undefined
}
