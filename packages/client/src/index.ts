/**
 * Parley for browsers and Node: REST, one connection, every message exactly once and in order. Times are milliseconds.
 * Failures are {@link ParleyError}s.
 *
 * @example
 * import { createClient } from '@parley/client'
 * const parley = createClient({ url: 'https://example.com', token })
 * await parley.connect()
 */
export { type Client, type ClientOptions, createClient } from './client.ts'
export type { ConnectionState } from './connection/connection.ts'
export type { TokenSource } from './connection/credentials.ts'
export { type Happening, type Status, transitions } from './connection/machine.ts'
export type { SharedConnection, ShareConnection, TransportKind, WireFrame } from './connection/transport.ts'
export type { ConversationHandle } from './conversation.ts'
export * from './errors.ts'
export type { ClientEvent, ClientEvents, EventName, NewMessage } from './events.ts'
export type { Content, Outbox, OutboxEntry, Sending, Sent } from './outbox/outbox.ts'
export { memoryStorage, type OutboxStorage } from './outbox/outbox-storage.ts'
export type { Params, Reply, Rest, RestOptions, Route } from './rest/rest.ts'
