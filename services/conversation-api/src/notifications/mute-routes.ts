import {
  type Mute,
  Mute as MuteSchema,
  type NewMute,
  NewMute as NewMuteSchema,
  ProblemError
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { headFor } from '../messages/message-store.ts'
import { oncePerKey } from '../requests/once-per-key.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { deleteMute, findMute, writeMute } from './mute-store.ts'

const tags = ['notifications']
const InConversation = Type.Object({ conversation_id: Type.String() })

/** Below `/conversations/{conversation_id}`. */
export async function muteRoutes(app: ServiceInstance): Promise<void> {
  app.put(
    '/mute',
    {
      schema: {
        operationId: 'mute',
        summary: 'Be notified of nothing here, or of mentions only; for a time, or until taken back',
        tags,
        params: InConversation,
        body: NewMuteSchema,
        response: { 200: MuteSchema }
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      }
    },
    async ({ body, params, session, idempotencyKey: key }, reply) => {
      const on = { ...params, user_id: session.user.id }
      const mute = completed(body)
      const mutation = { user_id: on.user_id, key, route: `mute ${on.conversation_id}`, body }
      let versions: RoomsVersion[] = []
      const { replay } = await oncePerKey(app.db, mutation, async (tx) => {
        await headFor(tx, on.user_id, on.conversation_id)
        if (mute.until !== null && Date.parse(mute.until) <= Date.now()) throw past()
        await writeMute(tx, on, mute)
        versions = await bumpRoomsVersions(tx, [on.user_id])
        return null
      })
      announceRooms(app.bus, versions)
      const now = replay ? await findMute(app.db, on) : undefined
      return reply.replayed(replay).send(now ?? mute)
    }
  )

  app.delete(
    '/mute',
    {
      schema: {
        operationId: 'unmute',
        summary: 'Be notified again',
        tags,
        params: InConversation,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const on = { ...params, user_id: session.user.id }
      const mutation = { user_id: on.user_id, key, route: `unmute ${on.conversation_id}` }
      let versions: RoomsVersion[] = []
      const { replay } = await oncePerKey(app.db, mutation, async (tx) => {
        await headFor(tx, on.user_id, on.conversation_id)
        if (await deleteMute(tx, on)) versions = await bumpRoomsVersions(tx, [on.user_id])
        return null
      })
      announceRooms(app.bus, versions)
      return reply.code(204).replayed(replay).send(null)
    }
  )
}

function completed({ keep = 'nothing', until = null }: NewMute): Mute {
  return { keep, until: until === null ? null : new Date(until).toISOString() }
}

function past(): ProblemError {
  return new ProblemError('validation_failed', { errors: [{ pointer: '/until', reason: 'is over' }] })
}
