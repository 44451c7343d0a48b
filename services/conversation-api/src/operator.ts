import { createECDH } from 'node:crypto'
import process from 'node:process'
import { connectJetStream, createMemoryEventBus, type EventBus } from '@parley/event-bus'
import { createLogger, DatabaseUrl, loadConfig, NatsUrl } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { disableAccount, enableAccount } from './accounts/disable-account.ts'
import type { LineContext } from './changes/conversation-line.ts'
import { LineQueue } from './changes/line-queue.ts'
import { openDatabase } from './database/database.ts'
import { eraseUser, exportTo, grantAdmin, revokeAdmin } from './moderation/operator-actions.ts'
import { operateWebhooks, webhookUsage } from './webhooks/webhook-operations.ts'

// For operators: node services/conversation-api/src/operator.ts <operation> …
// With NATS_URL the gateways hear of it at once, without it by their next beat.

type Context = LineContext & { bus: EventBus }
type Operation = (context: Context, username: string) => Promise<boolean>

const accounts: Record<string, { run: Operation; done: string }> = {
  disable: { run: disableAccount, done: 'disabled' },
  enable: { run: enableAccount, done: 'enabled' },
  'grant-admin': { run: grantAdmin, done: 'is an admin of the deployment' },
  'revoke-admin': { run: revokeAdmin, done: 'is no admin of the deployment' },
  export: { run: exportTo(process.stdout), done: 'exported' },
  erase: { run: eraseUser, done: 'erased' }
}
const USAGE = `usage: ${Object.keys(accounts).join('|')} <username> | vapid
       ${webhookUsage}`
const Environment = Type.Object({ DATABASE_URL: DatabaseUrl, NATS_URL: Type.Optional(NatsUrl) })

process.exitCode = await run(process.argv.slice(2))

async function run([operation = '', ...rest]: string[]): Promise<number> {
  if (operation === 'vapid') return say(vapidKeys())
  if (operation === 'webhook') {
    const answer = await withDatabase(({ db }) => operateWebhooks(db, rest))
    return answer === undefined ? complain() : say(answer)
  }
  const [username] = rest
  const account = Object.hasOwn(accounts, operation) ? accounts[operation] : undefined
  if (!account || username === undefined) return complain()
  const done = await withDatabase((context) => account.run(context, username))
  // Standard output is the export's.
  const output = operation === 'export' ? process.stderr : process.stdout
  output.write(done ? `${username}: ${account.done}\n` : `${username}: no such user\n`)
  return done ? 0 : 1
}

async function withDatabase<T>(work: (context: Context) => Promise<T>): Promise<T> {
  const { DATABASE_URL, NATS_URL: url } = loadConfig(Environment, process.env)
  const logger = createLogger({ name: 'operator', level: 'warn' })
  const bus = url ? await connectJetStream({ url, name: 'conversation-api', logger }) : createMemoryEventBus()
  const { db, close } = openDatabase(DATABASE_URL, 1)
  try {
    // What changes on the lines is published by the services' own sweepers.
    return await work({ db, bus, lines: new LineQueue(), relay: { push: () => undefined } })
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
