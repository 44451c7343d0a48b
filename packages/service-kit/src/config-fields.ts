import { isIP } from 'node:net'
import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** A TCP port; 0 lets the system choose. */
export const Port = Type.Integer({ minimum: 0, maximum: 65_535 })

/** An address to listen at. */
export const Host = Type.String({ minLength: 1, default: '127.0.0.1' })

export const LogLevel = Choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info')

/** `off` for benchmarks and tests only. */
export const RateLimits = Choice(['on', 'off'], 'on')

/** A comma-separated list of http(s) addresses. */
export const UrlList = Type.Array(Type.String({ format: 'http-url' }), { minItems: 1 })

/** A comma-separated list of exact origins, as browsers send them. */
export const OriginList = Type.Array(Type.String({ format: 'origin' }))

/** An http(s) address. */
export const HttpUrl = Type.String({ format: 'http-url' })

/** Where browsers reach this deployment. */
export const PublicUrl = Type.String({ format: 'http-url' })

export const DatabaseUrl = Type.String({ format: 'postgres-url' })

/** One NATS address or several, separated by commas. */
export const NatsUrl = Type.String({ format: 'nats-url' })

/** Where traces go, by OTLP over HTTP; none are made without it. */
export const TraceEndpoint = Type.Optional(Type.String({ format: 'http-url' }))

/** Copies of the event stream in a NATS cluster; more than one needs as many servers. */
export const NatsReplicas = Type.Integer({ minimum: 1, maximum: 5, default: 1 })
/** The name of a PostgreSQL text search configuration, such as english or german. */
export const SearchLanguage = Type.String({ format: 'postgres-name' })

/** Shared between services; long enough that nobody guesses it. */
export const Secret = Type.String({ minLength: 16 })

/** Comma-separated addresses or networks whose `X-Forwarded-*` headers are believed. */
export const TrustProxy = Type.Array(Type.String({ format: 'proxy-address' }))

/** `on`: every durable change is told to the webhooks that an operator added. */
export const Webhooks = Choice(['on', 'off'], 'off')

/** Comma-separated addresses or networks, or loopback, linklocal, uniquelocal. */
export const NetworkList = Type.Array(Type.String({ format: 'proxy-address' }))

/** Whom a push service may write to about this deployment. */
export const VapidSubject = Type.String({ pattern: '^(mailto:|https://)\\S+$' })
export const VapidPublicKey = Type.String({ pattern: '^[A-Za-z0-9_-]{87}$' })
export const VapidPrivateKey = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** A string out of a fixed set. Example: `Choice(['on', 'off'], 'on')`. */
export function Choice<const T extends string>(values: readonly T[], fallback?: T) {
  return Type.Unsafe<T>({
    type: 'string',
    enum: values,
    ...(fallback === undefined ? {} : { default: fallback })
  })
}

/** The same field with a default. Example: `withDefault(Port, 8000)`. */
export function withDefault<S extends TSchema>(field: S, value: Static<S>): S {
  return { ...field, default: value }
}

interface Format {
  validate: (text: string) => boolean
  reason: string
}

/** The string formats above, and what to tell whoever got one wrong. */
export const configFormats: Record<string, Format> = {
  'http-url': { validate: isUrlOf('http:', 'https:'), reason: 'must be an http:// or https:// URL' },
  origin: {
    validate: (text) => isUrlOf('http:', 'https:')(text) && new URL(text).origin === text,
    reason: 'must be an origin such as https://chat.example.org, without a path'
  },
  'postgres-url': {
    validate: isUrlOf('postgres:', 'postgresql:'),
    reason: 'must be a postgres:// URL'
  },
  'postgres-name': {
    validate: (text) => /^[a-z_][a-z0-9_]{0,62}$/.test(text),
    reason: 'must be a name such as english'
  },
  'nats-url': {
    validate: (text) => text.split(',').every((url) => isUrlOf('nats:', 'tls:')(url.trim())),
    reason: 'must be a nats:// or tls:// URL, or several separated by commas'
  },
  'proxy-address': {
    validate: isProxyAddress,
    reason: 'must be an IP address, a network such as 10.0.0.0/8, or loopback, linklocal or uniquelocal'
  }
}

function isUrlOf(...protocols: string[]): (text: string) => boolean {
  return (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
