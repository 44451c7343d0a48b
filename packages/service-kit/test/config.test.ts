import { Type } from '@sinclair/typebox'
import t from 'tap'
import {
  ConfigError,
  DatabaseUrl,
  Host,
  loadConfig,
  LogLevel,
  NatsUrl,
  OriginList,
  Port,
  RateLimits,
  Secret,
  TrustProxy,
  UrlList,
  withDefault
} from '../src/index.ts'

const schema = Type.Object({
  PORT: withDefault(Port, 8000),
  HOST: Host,
  LOG_LEVEL: LogLevel,
  RATE_LIMITS: RateLimits,
  DATABASE_URL: DatabaseUrl,
  NATS_URL: Type.Optional(NatsUrl),
  API_URLS: Type.Optional(UrlList),
  ALLOWED_ORIGINS: Type.Optional(OriginList),
  INTERNAL_SECRET: Type.Optional(Secret),
  TRUST_PROXY: Type.Optional(TrustProxy)
})
const DATABASE_URL = 'postgres://parley@127.0.0.1/parley'

t.test('strings become what the schema says, and the rest of the environment is ignored', async (t) => {
  const config = loadConfig(schema, {
    DATABASE_URL,
    PORT: '0',
    API_URLS: 'http://127.0.0.1:1, http://127.0.0.1:2,',
    NATS_URL: 'nats://a:4222,tls://b:4222',
    ALLOWED_ORIGINS: 'https://chat.example.org,http://[::1]:8000',
    TRUST_PROXY: 'loopback,10.0.0.0/8,::1/128',
    HOME: '/root'
  })
  t.strictSame(config, {
    PORT: 0,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    RATE_LIMITS: 'on',
    DATABASE_URL,
    NATS_URL: 'nats://a:4222,tls://b:4222',
    API_URLS: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
    ALLOWED_ORIGINS: ['https://chat.example.org', 'http://[::1]:8000'],
    TRUST_PROXY: ['loopback', '10.0.0.0/8', '::1/128']
  })
  t.throws(() => Object.assign(config, { PORT: 1 }), TypeError)
  t.throws(() => config.API_URLS?.push('http://127.0.0.1:3'), TypeError)
})

t.test('an empty or blank variable is an unset one', async (t) => {
  t.equal(loadConfig(schema, { DATABASE_URL, PORT: '', LOG_LEVEL: ' ' }).PORT, 8000)
})

t.test('the schema is left as it was', async (t) => {
  const before = JSON.stringify(schema)
  loadConfig(schema, { DATABASE_URL })
  t.equal(JSON.stringify(schema), before)
})

t.test('every mistake is reported, together and without its value', async (t) => {
  const given = {
    PORT: '80a',
    LOG_LEVEL: 'loud',
    RATE_LIMITS: 'maybe',
    NATS_URL: 'nats://ok,http://no',
    API_URLS: 'http://127.0.0.1:1,ftp://127.0.0.1',
    ALLOWED_ORIGINS: 'https://chat.example.org/',
    INTERNAL_SECRET: 'hunter2',
    TRUST_PROXY: '10.0.0.0/33'
  }
  const mistakes = messageOf(() => loadConfig(schema, given))
    .split('\n')
    .sort()
  t.match(mistakes, [
    'ALLOWED_ORIGINS: item 1 must be an origin',
    'API_URLS: item 2 must be an http:// or https:// URL',
    'DATABASE_URL: is required',
    /^INTERNAL_SECRET: must NOT have fewer than 16 characters/,
    'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
    'NATS_URL: must be a nats:// or tls:// URL',
    'PORT: must be integer',
    'RATE_LIMITS: must be one of on, off',
    'TRUST_PROXY: item 1 must be an IP address'
  ])
  t.notMatch(mistakes.join(), 'hunter2')
  for (const PORT of ['-1', '65536', '1.5'])
    t.match(
      messageOf(() => loadConfig(schema, { DATABASE_URL, PORT })),
      /^PORT: must be /
    )
})

function messageOf(fn: () => unknown): string {
  try {
    fn()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}
