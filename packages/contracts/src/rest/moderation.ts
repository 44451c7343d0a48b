import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Time } from '../common/scalars.ts'
import { ReasonText } from '../common/text.ts'
import { Message } from './messages.ts'
import { User } from './users.ts'

const Resolution = Type.Union([Type.Literal('dismissed'), Type.Literal('removed')], { title: 'Resolution' })

export const NewReport = Type.Object(
  { reason: ReasonText },
  { title: 'NewReport', additionalProperties: false }
)
export type NewReport = Static<typeof NewReport>

/** A report with the message as it is: a tombstone if it was deleted meanwhile. */
export const Report = Type.Object(
  {
    id: Id,
    message: Message,
    reporter: User,
    reason: Type.String(),
    created_at: Time,
    resolution: Nullable(Resolution),
    resolved_at: Nullable(Time)
  },
  { title: 'Report', additionalProperties: false }
)
export type Report = Static<typeof Report>

export const ReportPage = Type.Object(
  { items: Type.Array(Report), next_cursor: Nullable(Type.String()) },
  { title: 'ReportPage', additionalProperties: false }
)
export type ReportPage = Static<typeof ReportPage>

/** Settles all open reports of the message: it stays, or it is removed. */
export const ReportResolution = Type.Object(
  { resolution: Resolution },
  { title: 'ReportResolution', additionalProperties: false }
)
export type ReportResolution = Static<typeof ReportResolution>

/** Without `expires_at`, or null: for good. */
export const NewBan = Type.Object(
  { expires_at: Type.Optional(Nullable(Time)), reason: Type.Optional(ReasonText) },
  { title: 'NewBan', additionalProperties: false }
)
export type NewBan = Static<typeof NewBan>

export const Ban = Type.Object(
  {
    user: User,
    banned_by: Id,
    reason: Nullable(Type.String()),
    created_at: Time,
    expires_at: Nullable(Time)
  },
  { title: 'Ban', additionalProperties: false }
)
export type Ban = Static<typeof Ban>

export const BanPage = Type.Object(
  { items: Type.Array(Ban), next_cursor: Nullable(Type.String()) },
  { title: 'BanPage', additionalProperties: false }
)
export type BanPage = Static<typeof BanPage>

/** What an admin of the deployment did; an operator at the command line where `actor_id` is null. */
export const AuditEntry = Type.Object(
  {
    id: Id,
    at: Time,
    actor_id: Nullable(Id),
    action: Type.String(),
    user_id: Nullable(Id),
    conversation_id: Nullable(Id),
    message_id: Nullable(Id)
  },
  { title: 'AuditEntry', additionalProperties: false }
)
export type AuditEntry = Static<typeof AuditEntry>

export const AuditPage = Type.Object(
  { items: Type.Array(AuditEntry), next_cursor: Nullable(Type.String()) },
  { title: 'AuditPage', additionalProperties: false }
)
export type AuditPage = Static<typeof AuditPage>

/** Finished once nothing of the user's is left; until then it goes on by itself. */
export const Erasure = Type.Object(
  { user_id: Id, requested_at: Time, finished_at: Nullable(Time) },
  { title: 'Erasure', additionalProperties: false }
)
export type Erasure = Static<typeof Erasure>
