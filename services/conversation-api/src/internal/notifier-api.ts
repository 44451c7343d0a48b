import type { Hook, NotifierApi } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import { readRoom } from '../changes/change-feed.ts'
import type { Database } from '../database/database.ts'
import { queueMessages, queueWithdrawals, settlePushes, takePushes } from '../push/push-queue-store.ts'
import { queueHooks, settleHooks, type TakenHook, takeHooks } from '../webhooks/webhook-queue-store.ts'

/** The port the notifier calls: over the internal listener, or directly in standalone mode. */
export function createNotifierApi({ db, pool }: { db: Kysely<Database>; pool: pg.Pool }): NotifierApi {
  return {
    async queuePushes(events) {
      const ids = (wanted: string) =>
        events.filter(({ kind }) => kind === wanted).map(({ subject_id }) => subject_id)
      await queueMessages(db, ids('message.created'))
      await queueWithdrawals(db, ids('message.deleted'))
    },
    takePushes: (limit) => takePushes(db, limit),
    settlePushes: (outcomes) => settlePushes(db, outcomes),
    queueHooks: (events) => queueHooks(db, events),
    takeHooks: async (limit) => Promise.all((await takeHooks(db, limit)).map((taken) => toHook(pool, taken))),
    settleHooks: (outcomes) => settleHooks(db, outcomes)
  }
}

/** The change as it is now: a text that was deleted since leaves the house no more. */
async function toHook(pool: pg.Pool, { attempts, url, secret, ...event }: TakenHook): Promise<Hook> {
  const { webhook_id, conversation_id, seq, kind, subject_id, actor_id } = event
  const page = await readRoom(pool, { conversation_id, since: seq - 1, limit: 1, users: [] })
  const frame = page.events[0]?.seq === seq ? page.events[0].frame.toString() : 'null'
  const facts = { event: kind, conversation_id, seq, subject_id, actor_id, attempt: attempts }
  const body = `${JSON.stringify(facts).slice(0, -1)},"frame":${frame}}`
  return { webhook_id, conversation_id, seq, url, secret, body }
}
