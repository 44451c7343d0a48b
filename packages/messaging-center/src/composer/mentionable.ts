import type { Client } from '@parley/client'
import type { User } from '@parley/contracts'

/** The members of each conversation in which somebody was about to be mentioned, as far as they have been read. */
const known = new WeakMap<Client, Map<string, Mentionable>>()

export interface Mentionable {
  users: readonly User[]
  /** Reads those who are missing, all of them once; tells each time there are more. Rejects where that fails, and can be tried again. */
  read(more: () => void): Promise<void>
}

/** Who can be mentioned in a conversation: read when it is asked for, then kept up to date. */
export function mentionable(client: Client, conversation_id: string): Mentionable {
  let ofClient = known.get(client)
  if (!ofClient) known.set(client, (ofClient = new Map<string, Mentionable>()))
  let members = ofClient.get(conversation_id)
  if (!members) ofClient.set(conversation_id, (members = createMentionable(client, conversation_id)))
  return members
}

function createMentionable(client: Client, conversation_id: string): Mentionable {
  const conversation = client.conversation(conversation_id)
  const users = new Map<string, User>()
  let reading: Promise<void> | undefined
  const listeners = new Set<() => void>()
  const changed = () => {
    self.users = [...users.values()]
    for (const listener of listeners) listener()
  }
  const readAll = async () => {
    let unheard = 0
    for await (const { user } of conversation.members()) {
      users.set(user.id, user)
      // Page by page: nobody waits for the last of ten thousand.
      if (++unheard % 200 === 0) changed()
    }
    changed()
  }
  const self: Mentionable = {
    users: [],
    async read(more) {
      listeners.add(more)
      try {
        await (reading ??= readAll())
      } catch (error) {
        reading = undefined
        throw error
      } finally {
        listeners.delete(more)
      }
    }
  }
  conversation.on('member_added', ({ member }) => {
    users.set(member.user.id, member.user)
    changed()
  })
  conversation.on('member_removed', ({ user_id }) => {
    users.delete(user_id)
    changed()
  })
  return self
}
