import { type Static, Type } from '@sinclair/typebox'
import {
  DatabaseUrl,
  HttpUrl,
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
  VapidPublicKey,
  Webhooks,
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
  /** Where uploaded files are kept, or gathered on their way into a bucket. */
  ATTACHMENTS_DIR: Type.Optional(Type.String({ minLength: 1 })),
  S3_ENDPOINT: Type.Optional(HttpUrl),
  S3_BUCKET: Type.Optional(Type.String({ minLength: 1 })),
  S3_REGION: Type.Optional(Type.String({ minLength: 1 })),
  S3_ACCESS_KEY_ID: Type.Optional(Type.String({ minLength: 1 })),
  S3_SECRET_ACCESS_KEY: Type.Optional(Type.String({ minLength: 1 })),
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint,
  TRUST_PROXY: Type.Optional(TrustProxy),
  /** What browsers subscribe to Web Push with. */
  VAPID_PUBLIC_KEY: Type.Optional(VapidPublicKey),
  WEBHOOKS: Webhooks
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
  | 'ATTACHMENTS_DIR'
  | 'S3_ENDPOINT'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | 'VAPID_PUBLIC_KEY'
>
