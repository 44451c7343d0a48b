import { ProblemError } from '@parley/contracts'
import type { Protocol } from '../connection/protocol.ts'
import { notificationDialect } from '../dialects/notification-dialect.ts'
import { sendSimpleError } from './simple.ts'

/** `/ws/notifications/`: a connection that is only listened to. */
export const notificationProtocol: Protocol = {
  name: 'notifications',
  dialect: notificationDialect,
  opened: () => {},
  receive: (connection) => {
    sendSimpleError(connection, connection.whyNotNow() ?? new ProblemError('unknown_frame'))
    return false
  },
  subscribed: () => {},
  subscribedAll: () => {},
  lagging: () => {},
  unsubscribed: () => {},
  error: sendSimpleError,
  move: () => {}
}
