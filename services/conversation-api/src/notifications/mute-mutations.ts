import { type Mute, type NewMute, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Kysely, Transaction } from 'kysely'
import type { LineChange } from '../changes/member-mutation.ts'
import type { Database } from '../database/database.ts'
import { headFor } from '../messages/message-store.ts'
import { oncePerKey } from '../requests/once-per-key.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { deleteMute, type OnConversation, writeMute } from './mute-store.ts'

export interface OnMute extends OnConversation {
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

type MuteContext = { db: Kysely<Database>; bus: EventBus }

/**
 * Keeps a conversation from notifying me. It is mine alone and takes no number: `seq` is where the conversation was. Throws
 * `not_found`, `validation_failed` for a time that is over, `idempotency_conflict`.
 */
export async function muteConversation(
  context: MuteContext,
  { mute, ...on }: OnMute & { mute: { [K in keyof NewMute]: NewMute[K] | undefined } }
): Promise<LineChange & { mute: Mute }> {
  const { keep = 'nothing', until = null } = mute
  const whole = { keep, until: until === null ? null : new Date(until).toISOString() }
  const changed = await changeQuiet(context, { ...on, operation: 'mute', body: mute }, async (tx, mine) => {
    if (whole.until !== null && Date.parse(whole.until) <= Date.now()) throw past()
    await writeMute(tx, mine, whole)
    return true
  })
  return { ...changed, mute: whole }
}

/** Lets it notify again. Throws `not_found`, `idempotency_conflict`. */
export function unmuteConversation(context: MuteContext, on: OnMute): Promise<LineChange> {
  return changeQuiet(context, { ...on, operation: 'unmute' }, deleteMute)
}

/** `work` says whether anything changed: then my connections look at my list again. */
async function changeQuiet(
  { db, bus }: MuteContext,
  { user_id, conversation_id, key, operation, body }: OnMute & { operation: string; body?: unknown },
  work: (tx: Transaction<Database>, on: OnConversation) => Promise<boolean>
): Promise<LineChange> {
  let versions: RoomsVersion[] = []
  const mutation = { user_id, key, route: `${operation} ${conversation_id}`, body }
  const { result, replay } = await oncePerKey(db, mutation, async (tx) => {
    const seq = await headFor(tx, user_id, conversation_id)
    if (await work(tx, { user_id, conversation_id })) versions = await bumpRoomsVersions(tx, [user_id])
    return { seq }
  })
  announceRooms(bus, versions)
  return { ...result, replay }
}

function past(): ProblemError {
  return new ProblemError('validation_failed', { errors: [{ pointer: '/until', reason: 'is over' }] })
}
