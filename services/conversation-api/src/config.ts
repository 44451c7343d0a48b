import { type Static, Type } from '@sinclair/typebox'
import {
  DatabaseUrl,
  Host,
  LogLevel,
  NatsReplicas,
  NatsUrl,
  OriginList,
  Port,
  PublicUrl,
  RateLimits,
  SearchLanguage,
  Secret,
  TraceEndpoint,
  TrustProxy,
  withDefault
} from '@parley/service-kit'

/** What conversation-api reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8001),
  HOST: Host,
  /** Where gateways call in; not for the public. */
  INTERNAL_PORT: withDefault(Port, 8011),
  INTERNAL_HOST: Host,
  DATABASE_URL: DatabaseUrl,
  NATS_URL: NatsUrl,
  NATS_REPLICAS: NatsReplicas,
  INTERNAL_SECRET: Secret,
  ALLOWED_ORIGINS: Type.Optional(OriginList),
  PUBLIC_URL: Type.Optional(PublicUrl),
  RATE_LIMITS: RateLimits,
  SEARCH_LANGUAGE: Type.Optional(SearchLanguage),
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint,
  TRUST_PROXY: Type.Optional(TrustProxy)
})
export type Config = Static<typeof Config>

/** The part of it that the application itself needs, whoever opened the listeners and the bus. */
export type AppConfig = Pick<
  Config,
  | 'PORT'
  | 'DATABASE_URL'
  | 'INTERNAL_SECRET'
  | 'ALLOWED_ORIGINS'
  | 'PUBLIC_URL'
  | 'RATE_LIMITS'
  | 'TRUST_PROXY'
  | 'SEARCH_LANGUAGE'
>
