import {
  ConfigError,
  Host,
  LogLevel,
  NatsReplicas,
  NatsUrl,
  NetworkList,
  Port,
  Secret,
  TraceEndpoint,
  UrlList,
  VapidPrivateKey,
  VapidPublicKey,
  VapidSubject,
  Webhooks,
  withDefault
} from '@parley/service-kit'
import { type Static, Type } from '@sinclair/typebox'
import type { Vapid } from './push/send-push.ts'

/** What goes out of the house; the same in standalone mode. */
export const outwardFields = {
  VAPID_SUBJECT: Type.Optional(VapidSubject),
  VAPID_PUBLIC_KEY: Type.Optional(VapidPublicKey),
  VAPID_PRIVATE_KEY: Type.Optional(VapidPrivateKey),
  WEBHOOKS: Webhooks,
  /** Private networks that push services and webhooks may be in. */
  OUTWARD_NETWORKS: Type.Optional(NetworkList)
}
const OutwardConfig = Type.Object(outwardFields)
export type OutwardConfig = Static<typeof OutwardConfig>

/** What the notifier reads from its environment. */
export const Config = Type.Object({
  PORT: withDefault(Port, 8003),
  HOST: Host,
  NATS_URL: NatsUrl,
  NATS_REPLICAS: NatsReplicas,
  LOG_LEVEL: LogLevel,
  OTEL_EXPORTER_OTLP_ENDPOINT: TraceEndpoint,
  /** Internal addresses of conversation-api instances, and the secret they share: for push and webhooks only. */
  API_URLS: Type.Optional(UrlList),
  INTERNAL_SECRET: Type.Optional(Secret),
  ...outwardFields
})
export type Config = Static<typeof Config>

/** Undefined where nothing is pushed. Throws a `ConfigError` for half of the settings. */
export function vapidOf({
  VAPID_SUBJECT,
  VAPID_PUBLIC_KEY,
  VAPID_PRIVATE_KEY
}: OutwardConfig): Vapid | undefined {
  if (VAPID_SUBJECT && VAPID_PUBLIC_KEY && VAPID_PRIVATE_KEY)
    return { subject: VAPID_SUBJECT, publicKey: VAPID_PUBLIC_KEY, privateKey: VAPID_PRIVATE_KEY }
  if (!VAPID_SUBJECT && !VAPID_PUBLIC_KEY && !VAPID_PRIVATE_KEY) return undefined
  throw new ConfigError(['VAPID_SUBJECT, VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY: go together'])
}

/** Where the api is. Throws a `ConfigError` where something goes out and it is not said. */
export function apiOf({ API_URLS, INTERNAL_SECRET }: Config): { urls: string[]; secret: string } {
  if (API_URLS && INTERNAL_SECRET) return { urls: API_URLS, secret: INTERNAL_SECRET }
  throw new ConfigError(['API_URLS, INTERNAL_SECRET: are required for push and webhooks'])
}
