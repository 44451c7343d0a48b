import type { ConversationApi } from '@parley/contracts'
import type pg from 'pg'
import { authenticateToken, redeemTicket } from '../accounts/session-store.ts'
import { readRoom } from '../changes/change-feed.ts'
import { takePresence } from '../presence/presence-report.ts'
import { answerBeat } from './beat-store.ts'
import { type CommandContext, runCommands } from './command-runner.ts'
import { roomsOf } from './user-rooms-store.ts'

/** The port the gateway calls: over the internal listener, or directly in standalone mode. */
export function createConversationApi(context: CommandContext & { pool: pg.Pool }): ConversationApi {
  const { pool } = context
  return {
    authenticate: (credential) =>
      credential.kind === 'ticket'
        ? redeemTicket(pool, credential.ticket)
        : authenticateToken(pool, credential.token),
    execute: (commands) => runCommands(context, commands),
    readRooms: (reads) => Promise.all(reads.map((read) => readRoom(pool, read))),
    roomsOf: (user_id) => roomsOf(pool, user_id),
    beat: (report) => answerBeat(pool, report),
    presence: (report) => takePresence(context, report)
  }
}
