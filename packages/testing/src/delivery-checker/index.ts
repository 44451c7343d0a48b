export { checkDelivery, type Verdict } from './check-delivery.ts'
export type { Figures } from './figures.ts'
export { bodyOf, type HistoryRecord, type Invoked, type OperationKind, type Received } from './history.ts'
export { HistoryLog, readHistory } from './history-log.ts'
export type { Percentiles } from './percentiles.ts'
export type { Tolerances } from './run.ts'
export { readTruth, type Truth } from './truth.ts'
export type { InvariantId, Violation } from './violation.ts'
export type { Outcome } from './client/attempt.ts'
export { operate, type OperateOptions } from './client/operate.ts'
export { NotificationClient } from './client/notification-client.ts'
export { PollClient } from './client/poll-client.ts'
export {
  type Following,
  RecordingClient,
  type RecordingClientOptions,
  type SocketMutation
} from './client/recording-client.ts'
export {
  type Account,
  RecordingRest,
  type RecordingRestOptions,
  type SignedInSession
} from './client/recording-rest.ts'
export type { Identity } from './client/recording-socket.ts'
export { RoomReader } from './client/room-reader.ts'
export { SimpleClient, type SimpleClientOptions } from './client/simple-client.ts'
export { StreamClient } from './client/stream-client.ts'
