/** What the sizing table is computed from; docs/performance.md, "Inputs", has each with its meaning and its value. */
export const inputNames = [
  'sends_per_minute',
  'reads_per_minute',
  'members_online',
  'rooms_open',
  'load_share',
  'connections_per_gateway',
  'connection_bytes',
  'gateway_send_us',
  'gateway_event_us',
  'delivery_us',
  'api_send_us',
  'api_read_us',
  'beat_api_us',
  'notifier_send_us',
  'postgres_send_us',
  'postgres_read_us',
  'beat_postgres_us',
  'nats_message_us',
  'message_bytes'
] as const
export type Inputs = Readonly<Record<(typeof inputNames)[number], number>>

export interface Sizing {
  sends_per_second: number
  deliveries_per_second: number
  gateways: number
  gateway_memory_gb: number
  apis: number
  notifiers: number
  /** Busy cores of each NATS server, three of them, and of the database's primary. */
  nats_cores: number
  postgres_cores: number
  /** At a third of the peak all day. */
  gb_per_day: number
}

/** Durable messages of a send: stored by one server and copied by two. */
const COPIES = 3
const SERVERS = 3
const FEWEST = 2

/**
 * What so many connections need, at the peak.
 *
 * @example
 * sizingOf(inputs, 100_000).gateways
 */
export function sizingOf(inputs: Inputs, connections: number): Sizing {
  const { load_share: share, members_online, rooms_open } = inputs
  const sends = (connections * inputs.sends_per_minute) / 60
  const reads = (connections * inputs.reads_per_minute) / 60
  const deliveries = sends * members_online
  const instances = (busy_us: number) => busy_us / 1_000_000 / share

  // Members of a conversation sit at different gateways, and each of those takes the event in once.
  const gatewaysFor = (count: number) => {
    const events = sends * Math.min(members_online, count)
    return instances(
      sends * inputs.gateway_send_us + events * inputs.gateway_event_us + deliveries * inputs.delivery_us
    )
  }
  const by_connections = connections / inputs.connections_per_gateway
  const gateways = atLeast(Math.max(by_connections, gatewaysFor(by_connections)))

  // Each second every gateway names each session, user and open room of its connections.
  const items = connections * (2 + rooms_open)
  const api_us = sends * inputs.api_send_us + reads * inputs.api_read_us + items * inputs.beat_api_us
  const postgres_us =
    sends * inputs.postgres_send_us + reads * inputs.postgres_read_us + items * inputs.beat_postgres_us
  // In: the event, its copies, the room's message. Out: to a notifier, its acknowledgement, to the gateways.
  const messages = sends * (COPIES + 1 + 2 + Math.min(members_online, gateways))
  return {
    sends_per_second: sends,
    deliveries_per_second: deliveries,
    gateways,
    gateway_memory_gb: (connections * inputs.connection_bytes) / 1e9,
    apis: atLeast(instances(api_us)),
    notifiers: atLeast(instances(sends * inputs.notifier_send_us)),
    nats_cores: (messages * inputs.nats_message_us) / 1_000_000 / SERVERS / share,
    postgres_cores: postgres_us / 1_000_000 / share,
    gb_per_day: (sends * 86_400 * inputs.message_bytes) / 3 / 1e9
  }
}

/** One more than is needed, so that one may go, and never fewer than two. */
function atLeast(needed: number): number {
  return Math.max(FEWEST, Math.ceil(needed) + 1)
}
