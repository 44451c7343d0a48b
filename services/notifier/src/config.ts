import { Host, LogLevel, NatsReplicas, NatsUrl, Port, TraceEndpoint, withDefault } from '@parley/service-kit'
import { type Static, Type } from '@sinclair/typebox'

/** What the notifier reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8003),
  HOST: Host,
  NATS_URL: NatsUrl,
  NATS_REPLICAS: NatsReplicas,
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint
})
export type Config = Static<typeof Config>
