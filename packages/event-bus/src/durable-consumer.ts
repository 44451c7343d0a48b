import { setTimeout as delay } from 'node:timers/promises'
import type { DurableName } from '@parley/contracts'
import type { NatsConnection } from 'nats'
import type { Logger } from 'pino'
import { BatchRunner } from './batch-runner.ts'
import type { BrokerLink } from './broker-link.ts'
import { DurablePull } from './durable-pull.ts'
import type { ReceivedMessage, Subscription } from './event-bus.ts'
import type { StreamTopology } from './stream-topology.ts'

const RETRY_MS = 250
const FLUSH_MS = 1_000

interface Source {
  link: BrokerLink
  topology: StreamTopology
  inboxPrefix: string
  logger: Logger
}

type Handler = (batch: readonly ReceivedMessage[]) => Promise<void>

/** Consumes until stopped, over any number of connections and lives of the stream. */
export function consumeDurably(source: Source, durable: DurableName, handler: Handler): Subscription {
  const stopping = new AbortController()
  const running = run(source, durable, handler, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    }
  }
}

async function run(
  source: Source,
  durable: DurableName,
  handler: Handler,
  signal: AbortSignal
): Promise<void> {
  const { link, topology, logger } = source
  while (!signal.aborted) {
    const connection = await link.whenConnected(signal)
    if (!connection) return
    try {
      await topology.inspect(connection)
      const trouble = await pull(source, connection, durable, handler, signal)
      if (trouble) logger.warn({ durable, trouble }, 'consumer interrupted')
    } catch (error) {
      logger.warn({ durable, err: error }, 'consumer failed')
    }
    // The acknowledgements of the last batch are on their way when stop() resolves.
    if (signal.aborted) await link.flush(FLUSH_MS).catch(() => undefined)
    else await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** Resolves when the signal aborts, or with what kept the broker from sending. */
async function pull(
  { inboxPrefix, logger }: Source,
  connection: NatsConnection,
  durable: DurableName,
  handler: Handler,
  signal: AbortSignal
): Promise<string | undefined> {
  const batches = new BatchRunner(handler, (count) => messages.handled(count), logger)
  const messages = new DurablePull(connection, durable, inboxPrefix, (message) => batches.add(message))
  const stopped = Promise.withResolvers<undefined>()
  const stop = () => stopped.resolve(undefined)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([messages.trouble, stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
    await messages.stop()
    await batches.finish()
  }
}
