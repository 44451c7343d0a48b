import { createECDH } from 'node:crypto'
import process from 'node:process'
import { connectJetStream, createMemoryEventBus, type EventBus } from '@parley/event-bus'
import { createLogger, DatabaseUrl, loadConfig, NatsUrl } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import type { Kysely } from 'kysely'
import { disableAccount, enableAccount } from './accounts/disable-account.ts'
import { type Database, openDatabase } from './database/database.ts'
import { operateWebhooks, webhookUsage } from './webhooks/webhook-operations.ts'

// For operators: node services/conversation-api/src/operator.ts <operation> …
// With NATS_URL the gateways hear of it at once, without it by their next beat.

const USAGE = `usage: disable <username> | enable <username> | vapid
       ${webhookUsage}`
const accounts = { disable: disableAccount, enable: enableAccount }
const Environment = Type.Object({ DATABASE_URL: DatabaseUrl, NATS_URL: Type.Optional(NatsUrl) })

process.exitCode = await run(process.argv.slice(2))

async function run([operation = '', ...rest]: string[]): Promise<number> {
  if (operation === 'vapid') return say(vapidKeys())
  if (operation === 'webhook') {
    const answer = await withDatabase(({ db }) => operateWebhooks(db, rest))
    return answer === undefined ? complain() : say(answer)
  }
  const [username] = rest
  const change = Object.entries(accounts).find(([name]) => name === operation)?.[1]
  if (!change || username === undefined) return complain()
  const done = await withDatabase((context) => change(context, username))
  say(done ? `${username}: ${operation}d` : `${username}: no such user`)
  return done ? 0 : 1
}

async function withDatabase<T>(
  work: (context: { db: Kysely<Database>; bus: EventBus }) => Promise<T>
): Promise<T> {
  const { DATABASE_URL, NATS_URL: url } = loadConfig(Environment, process.env)
  const logger = createLogger({ name: 'operator', level: 'warn' })
  const bus = url ? await connectJetStream({ url, name: 'conversation-api', logger }) : createMemoryEventBus()
  const { db, close } = openDatabase(DATABASE_URL, 1)
  try {
    return await work({ db, bus })
  } finally {
    await bus.close()
    await close()
  }
}

/** A key pair for Web Push, as the services read it from their environment. */
function vapidKeys(): string {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const privateKey = Buffer.alloc(32)
  const bytes = pair.getPrivateKey()
  bytes.copy(privateKey, 32 - bytes.length)
  return `VAPID_PUBLIC_KEY=${pair.getPublicKey('base64url')}\nVAPID_PRIVATE_KEY=${privateKey.toString('base64url')}`
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(): number {
  process.stderr.write(`${USAGE}\n`)
  return 2
}
