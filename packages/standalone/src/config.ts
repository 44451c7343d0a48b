import { isIPv6 } from 'node:net'
import { outwardFields } from '@parley/notifier'
import {
  DatabaseUrl,
  Host,
  HttpUrl,
  LogLevel,
  NatsUrl,
  OriginList,
  Port,
  PublicUrl,
  RateLimits,
  TraceEndpoint,
  SearchLanguage,
  TrustProxy,
  withDefault
} from '@parley/service-kit'
import { type Static, Type } from '@sinclair/typebox'

/** What `npm start` reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8000),
  HOST: Host,
  /** Where the embedded PostgreSQL keeps its data. */
  DATA_DIR: Type.String({ default: './data' }),
  /** A PostgreSQL of one's own instead of the embedded one. */
  DATABASE_URL: Type.Optional(DatabaseUrl),
  /** A NATS server instead of the in-memory bus. */
  NATS_URL: Type.Optional(NatsUrl),
  /** Uploaded files; by default under DATA_DIR. */
  ATTACHMENTS_DIR: Type.Optional(Type.String({ minLength: 1 })),
  S3_ENDPOINT: Type.Optional(HttpUrl),
  S3_BUCKET: Type.Optional(Type.String({ minLength: 1 })),
  S3_REGION: Type.Optional(Type.String({ minLength: 1 })),
  S3_ACCESS_KEY_ID: Type.Optional(Type.String({ minLength: 1 })),
  S3_SECRET_ACCESS_KEY: Type.Optional(Type.String({ minLength: 1 })),
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint,
  ALLOWED_ORIGINS: Type.Optional(OriginList),
  PUBLIC_URL: Type.Optional(PublicUrl),
  RATE_LIMITS: RateLimits,
  SEARCH_LANGUAGE: Type.Optional(SearchLanguage),
  TRUST_PROXY: Type.Optional(TrustProxy),
  ...outwardFields
})
export type Config = Readonly<Static<typeof Config>>

/** What to open in a browser on this machine. */
export function localUrl(host: string, port: number): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}/`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}/`
}
