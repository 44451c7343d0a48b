import { type Static, Type } from '@sinclair/typebox'
import { Id, Seq, Time } from '../common/scalars.ts'

const KEY = '^[A-Za-z0-9_-]+={0,2}$'

/** As a browser's `PushSubscription.toJSON()` gives it. */
export const NewPushSubscription = Type.Object(
  {
    endpoint: Type.String({ maxLength: 2_000, pattern: '^https://[^\\s/?#@]+([/?#]\\S*)?$' }),
    keys: Type.Object(
      {
        p256dh: Type.String({ minLength: 80, maxLength: 100, pattern: KEY }),
        auth: Type.String({ minLength: 20, maxLength: 30, pattern: KEY })
      },
      { additionalProperties: false }
    ),
    expirationTime: Type.Optional(Type.Union([Type.Number(), Type.Null()]))
  },
  { title: 'NewPushSubscription', additionalProperties: false }
)
export type NewPushSubscription = Static<typeof NewPushSubscription>

/** A browser of mine that takes pushes. `current`: of the session that asks. */
export const PushSubscription = Type.Object(
  { id: Id, endpoint: Type.String(), created_at: Time, current: Type.Boolean() },
  { title: 'PushSubscription', additionalProperties: false }
)
export type PushSubscription = Static<typeof PushSubscription>

/** `public_key`: what a browser subscribes with (VAPID); null where this deployment does not push. */
export const PushSettings = Type.Object(
  { public_key: Type.Union([Type.String(), Type.Null()]), items: Type.Array(PushSubscription) },
  { title: 'PushSettings', additionalProperties: false }
)
export type PushSettings = Static<typeof PushSettings>

/**
 * What a service worker is told: enough to show a notification named `tag`, or to close it (`withdrawn`), and to fetch the rest.
 */
export const PushPayload = Type.Object(
  {
    kind: Type.Union([Type.Literal('message'), Type.Literal('mention'), Type.Literal('withdrawn')]),
    tag: Id,
    conversation_id: Id,
    message_id: Id,
    seq: Seq,
    sender: Type.Optional(Type.String())
  },
  { title: 'PushPayload', additionalProperties: false }
)
export type PushPayload = Static<typeof PushPayload>
