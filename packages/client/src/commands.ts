import type { ClientFrames, Message } from '@parley/contracts'
import type { Connection } from './connection/connection.ts'
import { backoff } from './connection/backoff.ts'
import { ParleyError } from './errors.ts'
import type { Rest } from './rest/rest.ts'

type CommandType = 'send' | 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin' | 'read'
/** What changes something durable; `client_id` makes trying again safe. */
export type Command = { [T in CommandType]: Omit<ClientFrames[T], 'ref'> }[CommandType]

export interface Done {
  seq?: number
  message_id?: string
}

/** Once: over the socket where there is one, else over REST. */
export async function carryOut(command: Command, connection: Connection, rest: Rest): Promise<Done> {
  if (!connection.transport?.duplex) return overRest(command, rest)
  const { seq, message_id } = (await connection.ask(command)) as { seq?: number; message_id?: string }
  return { ...(seq === undefined ? {} : { seq }), ...(message_id === undefined ? {} : { message_id }) }
}

/** Until the outcome is known or `patience_ms` is over. */
export async function persist<T>(
  attempt: () => Promise<T>,
  {
    pause,
    random,
    patience_ms
  }: { pause: (ms: number) => Promise<void>; random: () => number; patience_ms: number }
): Promise<T> {
  for (let n = 0, waited_ms = 0; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ParleyError) || !error.temporary || waited_ms >= patience_ms) throw error
      const wait_ms = backoff(n, random, error.retry_after_ms)
      waited_ms += wait_ms
      await pause(wait_ms)
    }
  }
}

async function overRest(command: Command, rest: Rest): Promise<Done> {
  const { type, conversation_id, ...fields } = command
  const key = 'client_id' in command && command.client_id !== undefined ? { key: command.client_id } : {}
  const path = 'conversations/{conversation_id}/messages/' as const
  switch (command.type) {
    case 'send': {
      const { type: _, ...params } = command
      return told(await rest(`POST ${path}`, params))
    }
    case 'edit': {
      const { message_id, body } = command
      return told(await rest(`PATCH ${path}{message_id}/`, { conversation_id, message_id, body }, key))
    }
    case 'delete': {
      const { message_id } = command
      await rest(`DELETE ${path}{message_id}/`, { conversation_id, message_id }, key)
      return { message_id }
    }
    case 'react':
    case 'unreact': {
      const { message_id, emoji } = command
      const method = type === 'react' ? 'PUT' : 'DELETE'
      await rest(
        `${method} ${path}{message_id}/reactions/{emoji}/`,
        { conversation_id, message_id, emoji },
        key
      )
      return { message_id }
    }
    case 'pin':
    case 'unpin': {
      const { message_id } = command
      await rest(
        `${type === 'pin' ? 'PUT' : 'DELETE'} ${path}{message_id}/pin/`,
        { conversation_id, message_id },
        key
      )
      return { message_id }
    }
    case 'read':
      await rest('POST conversations/{conversation_id}/read/', {
        conversation_id,
        ...(fields as { seq: number })
      })
      return {}
    default:
      return command satisfies never
  }
}

/** Nothing comes back to who did it before and may not read it any more. */
function told(message: Message | undefined): Done {
  return message ? { message_id: message.id, seq: message.seq } : {}
}
