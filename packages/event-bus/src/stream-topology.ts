import { randomUUID } from 'node:crypto'
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo
} from '@nats-io/jetstream'
import { type DurableName, durables, stream } from '@parley/contracts'
import { type NatsConnection, nanos } from 'nats'
import type { StreamState } from './event-bus.ts'

const API_MS = 2_000
const DUPLICATE_WINDOW_MS = 120_000
// What a killed consumer held is somebody else's after this.
const ACK_WAIT_MS = 5_000
// Several killed consumers may hold a thousand each, and the others must not stand still for it.
const MAX_ACK_PENDING = 20_000
const HOLDER_MS = 10_000

interface Look {
  readonly connection: NatsConnection
  readonly state: Promise<StreamState>
  done: boolean
}

/** The stream and its consumers, made where they are missing and mended where a broker came back older than it was. */
export class StreamTopology {
  readonly #replicas: number
  readonly #durables: readonly DurableName[]
  #last: Look | undefined

  constructor(replicas: number, names: readonly DurableName[] = [durables.notifier]) {
    this.#replicas = replicas
    this.#durables = names
  }

  /** Looks, unless somebody has on this connection. */
  async ensure(connection: NatsConnection): Promise<void> {
    await (this.#last?.connection === connection ? this.#last : this.#look(connection)).state
  }

  /** Looks now; calls at the same time share one look. */
  inspect(connection: NatsConnection): Promise<StreamState> {
    const shared = this.#last?.connection === connection && !this.#last.done
    return (shared && this.#last ? this.#last : this.#look(connection)).state
  }

  #look(connection: NatsConnection): Look {
    const look: Look = { connection, state: mend(connection, this.#replicas, this.#durables), done: false }
    this.#last = look
    look.state.then(
      () => {
        look.done = true
      },
      () => {
        if (this.#last === look) this.#last = undefined
      }
    )
    return look
  }
}

async function mend(
  connection: NatsConnection,
  replicas: number,
  names: readonly DurableName[]
): Promise<StreamState> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: API_MS })
  // The consumers first: one that moves on between the two questions must not look as if it were ahead of its stream.
  const found = await Promise.all(names.map((name) => findConsumer(manager, name)))
  const { created, state } = await ensureStream(manager, streamConfig(replicas))
  for (const [at, name] of names.entries()) {
    const consumer = found[at]
    const ahead = consumer !== undefined && consumer.delivered.stream_seq > state.last_seq
    if (ahead) await replace(manager, consumer)
    else if (!consumer) await manager.consumers.add(stream.name, consumerConfig(name))
  }
  return { created, last_seq: state.last_seq }
}

/**
 * For a consumer that is ahead of its rolled-back stream: numbers given out a second time would wait for the redelivery of what it
 * believes to have had, or be passed over in silence. Everyone who connects finds it so at the same moment; the holder keeps what
 * others have stored by then, for what no consumer waits for vanishes.
 */
async function replace(manager: JetStreamManager, { name, created }: ConsumerInfo): Promise<void> {
  const holder = await manager.consumers.add(stream.name, {
    name: `holder-${randomUUID()}`,
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.Explicit,
    inactive_threshold: nanos(HOLDER_MS)
  })
  const now = await findConsumer(manager, name)
  if (now?.created === created)
    await unless(JetStreamApiCodes.ConsumerNotFound, manager.consumers.delete(stream.name, name))
  await manager.consumers.add(stream.name, consumerConfig(name))
  await manager.consumers.delete(stream.name, holder.name)
}

async function ensureStream(manager: JetStreamManager, config: StreamConfigured): Promise<StreamInfo> {
  const info = await unless(JetStreamApiCodes.StreamNotFound, manager.streams.info(stream.name))
  if (!info) return manager.streams.add(config)
  const same =
    info.config.max_age === config.max_age &&
    info.config.subjects.toSorted().join() === config.subjects.toSorted().join() &&
    info.config.num_replicas >= config.num_replicas
  // Never fewer copies than there are: services that were told different numbers must not undo each other's.
  const num_replicas = Math.max(info.config.num_replicas, config.num_replicas)
  return same ? info : manager.streams.update(stream.name, { ...info.config, ...config, num_replicas })
}

function findConsumer(manager: JetStreamManager, name: string): Promise<ConsumerInfo | undefined> {
  const info = manager.consumers.info(stream.name, name)
  return unless(JetStreamApiCodes.StreamNotFound, unless(JetStreamApiCodes.ConsumerNotFound, info))
}

async function unless<T>(code: number, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === code) return undefined
    throw error
  }
}

type StreamConfigured = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects' | 'num_replicas'>

function streamConfig(replicas: number): StreamConfigured {
  return {
    name: stream.name,
    subjects: [...stream.subjects],
    retention: RetentionPolicy.Interest,
    storage: StorageType.File,
    max_age: nanos(stream.max_age_ms),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: replicas
  }
}

function consumerConfig(name: string): Partial<ConsumerConfig> {
  return {
    durable_name: name,
    deliver_policy: DeliverPolicy.All,
    // Never AckPolicy.All: consumers share the durable, and one's acknowledgement would take the others' events with it.
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MAX_ACK_PENDING,
    max_deliver: -1
  }
}
