import {
  Host,
  LogLevel,
  NatsUrl,
  OriginList,
  Port,
  PublicUrl,
  RateLimits,
  Secret,
  TraceEndpoint,
  TrustProxy,
  UrlList,
  withDefault
} from '@parley/service-kit'
import { type Static, Type } from '@sinclair/typebox'
import { defaultTuning, type Tuning } from './tuning.ts'

/** What the realtime gateway reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8002),
  HOST: Host,
  NATS_URL: NatsUrl,
  /** Internal addresses of conversation-api instances. */
  API_URLS: UrlList,
  INTERNAL_SECRET: Secret,
  ALLOWED_ORIGINS: Type.Optional(OriginList),
  PUBLIC_URL: Type.Optional(PublicUrl),
  RATE_LIMITS: RateLimits,
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint,
  TRUST_PROXY: Type.Optional(TrustProxy)
})
export type Config = Static<typeof Config>

/** The part of it that the application itself needs, whoever opened the listener, the bus and the api. */
export type AppConfig = Pick<
  Config,
  'PORT' | 'ALLOWED_ORIGINS' | 'PUBLIC_URL' | 'RATE_LIMITS' | 'TRUST_PROXY'
> & {
  /** What differs from {@link defaultTuning}. */
  tuning?: Partial<Tuning>
}

export function tuningOf({ tuning }: AppConfig): Tuning {
  return { ...defaultTuning, ...tuning }
}
