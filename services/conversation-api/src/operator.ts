import process from 'node:process'
import { connectJetStream, createMemoryEventBus } from '@parley/event-bus'
import { createLogger, DatabaseUrl, loadConfig, NatsUrl } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { disableAccount, enableAccount } from './accounts/disable-account.ts'
import { openDatabase } from './database/database.ts'

// For operators: node services/conversation-api/src/operator.ts disable|enable <username>
// With NATS_URL the gateways hear of it at once, without it by their next beat.

const operations = { disable: disableAccount, enable: enableAccount }
const Environment = Type.Object({ DATABASE_URL: DatabaseUrl, NATS_URL: Type.Optional(NatsUrl) })

process.exitCode = await run(process.argv.slice(2))

async function run([operation = '', username]: string[]): Promise<number> {
  const change = Object.entries(operations).find(([name]) => name === operation)?.[1]
  if (!change || username === undefined) {
    process.stderr.write('usage: operator.ts disable|enable <username>\n')
    return 2
  }
  const { DATABASE_URL, NATS_URL: url } = loadConfig(Environment, process.env)
  const logger = createLogger({ name: 'operator', level: 'warn' })
  const bus = url ? await connectJetStream({ url, name: 'conversation-api', logger }) : createMemoryEventBus()
  const { db, close } = openDatabase(DATABASE_URL, 1)
  try {
    const done = await change({ db, bus }, username)
    process.stdout.write(done ? `${username}: ${operation}d\n` : `${username}: no such user\n`)
    return done ? 0 : 1
  } finally {
    await bus.close()
    await close()
  }
}
