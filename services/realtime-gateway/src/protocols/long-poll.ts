import type { Protocol } from '../connection/protocol.ts'
import { pageDialect } from '../dialects/page-dialect.ts'
import type { Poll } from '../event-streams/poll.ts'

/** A connection that ends with its first events: they become the answer of one request. */
export function createLongPoll(poll: Poll): Protocol {
  return {
    name: 'long-poll',
    dialect: pageDialect,
    opened: () => {},
    receive: () => false,
    subscribed: () => poll.settle(),
    subscribedAll: () => {},
    lagging: () => {},
    unsubscribed: () => poll.finishSoon(),
    error: (_connection, error, { conversation_id = '' } = {}) => poll.refuse(conversation_id, error),
    move: () => {}
  }
}
