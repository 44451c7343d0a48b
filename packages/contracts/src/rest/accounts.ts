import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Time } from '../common/scalars.ts'
import { DisplayName } from '../common/text.ts'
import { User } from './users.ts'

const Username = Type.String({
  minLength: 1,
  maxLength: limits.username_length,
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$',
  description: 'Unique without regard to case.'
})

// Bytes, not characters, are what the hash is paid for; the byte limits are checked where the password is hashed.
const Password = Type.String({ minLength: 1, maxLength: limits.password_max_bytes })

export const Registration = Type.Object(
  {
    username: Username,
    password: Password,
    display_name: Type.Optional(DisplayName)
  },
  { title: 'Registration', additionalProperties: false }
)
export type Registration = Static<typeof Registration>

export const Credentials = Type.Object(
  {
    username: Type.String({ maxLength: 200 }),
    password: Type.String({ maxLength: limits.password_max_bytes })
  },
  { title: 'Credentials', additionalProperties: false }
)
export type Credentials = Static<typeof Credentials>

export const PasswordChange = Type.Object(
  { current_password: Type.String({ maxLength: limits.password_max_bytes }), new_password: Password },
  { title: 'PasswordChange', additionalProperties: false }
)
export type PasswordChange = Static<typeof PasswordChange>

export const SignedIn = Type.Object({ user: User }, { title: 'SignedIn', additionalProperties: false })
export type SignedIn = Static<typeof SignedIn>

/** For clients without cookies: send it as `Authorization: Bearer <token>`. */
export const Token = Type.Object(
  { token: Type.String(), expires_at: Time, user: User },
  { title: 'Token', additionalProperties: false }
)
export type Token = Static<typeof Token>

/** Opens one WebSocket as `?ticket=`, once. */
export const Ticket = Type.Object(
  { ticket: Type.String(), expires_at: Time },
  { title: 'Ticket', additionalProperties: false }
)
export type Ticket = Static<typeof Ticket>

export const Session = Type.Object(
  {
    id: Id,
    created_at: Time,
    last_seen_at: Time,
    expires_at: Time,
    user_agent: Nullable(Type.String()),
    current: Type.Boolean()
  },
  { title: 'Session', additionalProperties: false }
)
export type Session = Static<typeof Session>

export const SessionList = Type.Object(
  { items: Type.Array(Session), next_cursor: Type.Null() },
  { title: 'SessionList', additionalProperties: false }
)
export type SessionList = Static<typeof SessionList>

export const UserQuery = Type.Object(
  { q: Type.String({ minLength: 1, maxLength: 100 }) },
  { title: 'UserQuery', additionalProperties: false }
)
export type UserQuery = Static<typeof UserQuery>

export const UserList = Type.Object(
  { items: Type.Array(User), next_cursor: Type.Null() },
  { title: 'UserList', additionalProperties: false }
)
export type UserList = Static<typeof UserList>
