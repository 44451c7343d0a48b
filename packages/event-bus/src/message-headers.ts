import { headers as natsHeaders, type Msg, type MsgHdrs } from 'nats'
import type { HeaderReader, MessageHeaders } from './event-bus.ts'

const NONE: readonly string[] = []

/** The client's form of headers. */
export function toNatsHeaders(given: MessageHeaders | undefined): MsgHdrs {
  const fields = natsHeaders()
  for (const [name, values] of Object.entries(given ?? {}))
    for (const value of values) fields.append(name, value)
  return fields
}

/** The client parses a message's headers when they are first asked for, and so does this. */
export function natsHeaderReader(message: Msg): HeaderReader {
  return (name) => message.headers?.values(name) ?? NONE
}

/** For messages that never left the process. */
export function headerReader(headers: MessageHeaders | undefined): HeaderReader {
  return headers ? (name) => headers[name] ?? NONE : readNothing
}

const readNothing: HeaderReader = () => NONE
