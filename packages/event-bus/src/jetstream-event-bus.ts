import type { DurableName } from '@parley/contracts'
import type { ConnectionOptions } from 'nats'
import type { Logger } from 'pino'
import { BrokerLink } from './broker-link.ts'
import { before } from './deadline.ts'
import { consumeDurably } from './durable-consumer.ts'
import { DurablePublisher } from './durable-publisher.ts'
import type { EventBus, Subscription } from './event-bus.ts'
import { StreamTopology } from './stream-topology.ts'

export interface JetStreamOptions {
  /** `nats://user:password@host:4222`, or several separated by commas; `tls://` encrypts. */
  url: string
  /** Of the service: letters, digits, `-` and `_`. Its inboxes are below `_INBOX_<name>`, which is what it may subscribe to. */
  name: string
  logger: Logger
  /** Copies of the stream in a cluster. Default 1. */
  replicas?: number
  /** The consumers to make where they are missing. Default: the notifier's. */
  durables?: readonly DurableName[]
}

const FLUSH_MS = 2_000
const INSPECT_MS = 3_000

/**
 * The bus on NATS. Resolves at once, also when the broker is not there: then its state is 'degraded', and it dials for ever.
 * Rejects only for options that cannot be.
 *
 * @example
 * const bus = await connectJetStream({ url: config.NATS_URL, name: 'conversation-api', logger: app.log })
 */
export async function connectJetStream(options: JetStreamOptions): Promise<EventBus> {
  const connection = connectionOptions(options)
  const logger = options.logger.child({ component: 'event-bus' })
  const link = new BrokerLink(connection, logger)
  const topology = new StreamTopology(options.replicas ?? 1, options.durables)
  const publisher = new DurablePublisher(link, topology, connection.inboxPrefix)
  const source = { link, topology, logger, inboxPrefix: connection.inboxPrefix }
  const consumers = new Set<Subscription>()
  return {
    get state() {
      return link.connection && !publisher.stalled ? 'connected' : 'degraded'
    },
    get dropped() {
      return link.dropped
    },
    publishDurable: (messages) => publisher.publish(messages),
    async inspectStream() {
      if (!link.connection) return null
      try {
        return await before(performance.now() + INSPECT_MS, topology.inspect(link.connection))
      } catch (error) {
        logger.warn({ err: error }, 'stream inspection failed')
        return null
      }
    },
    async consume(durable, handler) {
      const consumer = consumeDurably(source, durable, handler)
      consumers.add(consumer)
      return {
        async stop() {
          consumers.delete(consumer)
          await consumer.stop()
        }
      }
    },
    publish: (subject, payload, headers) => link.publish(subject, payload, headers),
    subscribe: (subject, handler) => link.subscribe(subject, handler),
    flush: (timeout_ms = FLUSH_MS) => link.flush(timeout_ms),
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()))
      if (link.connection)
        await link.flush(FLUSH_MS).catch((error) => logger.warn({ err: error }, 'not flushed'))
      await link.close()
    }
  }
}

function connectionOptions({ url, name }: JetStreamOptions): ConnectionOptions & { inboxPrefix: string } {
  if (!/^[\w-]+$/.test(name)) throw new TypeError(`${name} cannot be a part of a subject`)
  const urls = url.split(',').map((one) => new URL(one.trim()))
  const [first] = urls
  const account = first?.username
    ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
    : {}
  return {
    name,
    inboxPrefix: `_INBOX_${name}`,
    servers: urls.map((one) => one.host),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    ...account
  }
}
