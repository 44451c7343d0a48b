import { ConfigError, createLogger, DatabaseUrl, loadConfig, NatsUrl } from '@parley/service-kit'
import { connectJetStream } from '@parley/event-bus'
import { Type } from '@sinclair/typebox'
import { disableAccount, enableAccount } from './accounts/account-operations.ts'
import { openDatabase } from './database/database.ts'

// node services/conversation-api/src/operator.ts disable|enable <username>
const operations = { disable: disableAccount, enable: enableAccount }
const Environment = Type.Object({ DATABASE_URL: DatabaseUrl, NATS_URL: Type.Optional(NatsUrl) })
