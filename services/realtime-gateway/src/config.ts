import {
  Host,
  LogLevel,
  NatsUrl,
  OriginList,
  Port,
  PublicUrl,
  RateLimits,
  Secret,
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

/** Where a browser may come from: the listed origins, or this machine's names, and the public address. */
export function allowedOrigins({ ALLOWED_ORIGINS, PUBLIC_URL, PORT }: AppConfig): Set<string> {
  const origins = ALLOWED_ORIGINS ?? [`http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
  return new Set(PUBLIC_URL ? [...origins, new URL(PUBLIC_URL).origin] : origins)
}

/** The session cookie's name: over TLS its prefix makes browsers refuse one that another host or http planted. */
export function cookieName({ PUBLIC_URL }: AppConfig): string {
  return PUBLIC_URL?.startsWith('https:') ? '__Host-parley_session' : 'parley_session'
}
