/**
 * The bus between the services, behind one port: durable domain events and volatile messages to whoever listens right now.
 * NATS with JetStream where the services are apart, memory where they are one process; see {@link EventBus} for what both keep.
 * Times are milliseconds, payloads bytes that must not be changed once handed over.
 *
 * @example
 * const bus = await connectJetStream({ url: 'nats://user:secret@127.0.0.1:4222', name: 'notifier', logger })
 * await bus.consume('notifier', async (batch) => {
 *   for (const { payload } of batch) bus.publish(roomSubject(id), payload)
 * })
 */
export type {
  DurableMessage,
  EventBus,
  HeaderReader,
  MessageHeaders,
  ReceivedMessage,
  StreamState,
  Subscription,
  VolatileHandler
} from './event-bus.ts'
export { connectJetStream, type JetStreamOptions } from './jetstream-event-bus.ts'
export { createMemoryEventBus } from './memory-event-bus.ts'
