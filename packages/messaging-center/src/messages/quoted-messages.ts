import { type Client, NotFoundError } from '@parley/client'
import type { Store } from '@parley/client/stores'
import type { Message } from '@parley/contracts'
import { createLookup } from '../app/lookup.ts'

/** A window holds at most as many quotations as messages; what was quoted further away is asked for again. */
const MOST = 600

/** Messages that are answered to and not in the list, each asked for once; null where there is none any more. */
export function quotedMessages(
  client: Client,
  conversation_id: string
): (message_id: string) => Store<Message | null | undefined> {
  const begin = () =>
    createLookup((message_id) =>
      client
        .rest('GET conversations/{conversation_id}/messages/{message_id}/', { conversation_id, message_id })
        .catch((error: unknown) => {
          if (error instanceof NotFoundError) return null
          throw error
        })
    )
  let lookup = begin()
  let known = new Set<string>()
  return (message_id) => {
    if (known.size >= MOST && !known.has(message_id)) {
      lookup = begin()
      known = new Set()
    }
    known.add(message_id)
    return lookup.of(message_id)
  }
}
