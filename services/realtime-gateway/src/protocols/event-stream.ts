import type { Protocol } from '../connection/protocol.ts'
import { streamDialect } from '../dialects/stream-dialect.ts'
import { errorFrame, subscribedFrame } from './v1-frames.ts'

/** How soon a browser's EventSource comes back, in milliseconds. */
const RETRY_MS = 1_000

/** `text/event-stream`: the frames of `parley.v1`, one way. */
export const eventStreamProtocol: Protocol = {
  name: 'event-stream',
  dialect: streamDialect,
  opened: (connection) => connection.write(Buffer.from(`retry: ${RETRY_MS}\n\n`)),
  receive: () => false,
  // With an id: who has got nothing yet resumes from here, too.
  subscribed: (connection, subscription) => {
    const frame = subscribedFrame(subscription)
    if (frame) connection.write(Buffer.from(`id: ${frame.head}\ndata: ${JSON.stringify(frame)}\n\n`))
  },
  subscribedAll: () => {},
  lagging: (connection, { room }, from, to) =>
    connection.send({ type: 'lagging', conversation_id: room.id, from, to }),
  unsubscribed: (connection, conversation_id, reason) =>
    connection.send({ type: 'unsubscribed', conversation_id, reason }),
  error: (connection, error, context) => connection.send(errorFrame(error, context)),
  move: () => {}
}
