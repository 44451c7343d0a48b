import { setTimeout as delay } from 'node:timers/promises'
import { type ConsumerMessages, jetstream, type JsMsg } from '@nats-io/jetstream'
import { type DurableName, durables, stream } from '@parley/contracts'
import type { NatsConnection } from 'nats'
import type { Logger } from 'pino'
import { BatchRunner } from './batch-runner.ts'
import type { BrokerLink } from './broker-link.ts'
import type { ReceivedMessage, Subscription } from './event-bus.ts'
import { API_MS, type StreamTopology } from './stream-topology.ts'

const MAX_MESSAGES = 1_000
const PULL_MS = 10_000
const HEARTBEAT_MS = 2_500
const RETRY_MS = 250
const FLUSH_MS = 1_000

/** A consumer that lost its stream neither ends nor throws: it says so, once, by one of these. */
const troubles: ReadonlySet<string> = new Set([
  'consumer_deleted',
  'consumer_not_found',
  'stream_not_found',
  'heartbeats_missed',
  'no_responders',
  'exceeded_limits'
])

interface Source {
  link: BrokerLink
  topology: StreamTopology
  logger: Logger
}

/** Consumes until stopped, over any number of connections and lives of the stream. */
export function consumeDurably(
  source: Source,
  durable: DurableName,
  handler: (batch: readonly ReceivedMessage[]) => Promise<void>
): Subscription {
  const stopping = new AbortController()
  const running = run(source, durable, new BatchRunner(handler, source.logger), stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    }
  }
}

async function run(
  { link, topology, logger }: Source,
  durable: DurableName,
  batches: BatchRunner,
  signal: AbortSignal
): Promise<void> {
  while (!signal.aborted) {
    const connection = await link.whenConnected(signal)
    if (!connection) return
    try {
      await topology.inspect(connection)
      const trouble = await pull(connection, durable, batches, signal)
      if (trouble) logger.warn({ durable, trouble }, 'consumer interrupted')
    } catch (error) {
      logger.warn({ durable, err: error }, 'consumer failed')
    }
    if (signal.aborted) await link.flush(FLUSH_MS).catch(() => undefined)
    else await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** Resolves when the signal aborts, the connection is lost, or with what kept the consumer from going on. */
async function pull(
  connection: NatsConnection,
  durable: DurableName,
  batches: BatchRunner,
  signal: AbortSignal
): Promise<string | undefined> {
  const client = jetstream(connection, { timeout: API_MS })
  const consumer = await client.consumers.get(stream.name, durables[durable])
  const messages = await consumer.consume({
    max_messages: MAX_MESSAGES,
    expires: PULL_MS,
    idle_heartbeat: HEARTBEAT_MS,
    callback: (message: JsMsg) => batches.add(message)
  })
  const stop = () => messages.stop()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    return await firstTrouble(messages)
  } finally {
    signal.removeEventListener('abort', stop)
    messages.stop()
    await batches.finish()
  }
}

async function firstTrouble(messages: ConsumerMessages): Promise<string | undefined> {
  for await (const { type } of messages.status()) if (troubles.has(type)) return type
  return undefined
}
