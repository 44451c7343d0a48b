import { Host, LogLevel, NatsReplicas, NatsUrl, Port, withDefault } from '@parley/service-kit'
import { type Static, Type } from '@sinclair/typebox'

/** What the notifier reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8003),
  HOST: Host,
  NATS_URL: NatsUrl,
  NATS_REPLICAS: NatsReplicas,
  LOG_LEVEL: LogLevel
})
export type Config = Static<typeof Config>
