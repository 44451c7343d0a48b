import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { DescriptionText, TitleText } from '../common/text.ts'
import { Message } from './messages.ts'
import { Mute } from './quiet.ts'
import { User } from './users.ts'

export const ConversationKind = Type.Union([Type.Literal('direct'), Type.Literal('group')], {
  title: 'ConversationKind'
})
export type ConversationKind = Static<typeof ConversationKind>

export const Role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')], {
  title: 'Role'
})
export type Role = Static<typeof Role>

// Left out where there is none, and where it is false.
const described = { description: Type.Optional(Type.String()), public: Type.Optional(Type.Literal(true)) }

/** A conversation as one of its members sees it. `unread_count` is exact to 999; 1000 means "or more". */
export const Conversation = Type.Object(
  {
    id: Id,
    kind: ConversationKind,
    title: Nullable(Type.String()),
    ...described,
    created_at: Time,
    head: Seq,
    role: Role,
    read_seq: Seq,
    unread_count: Type.Integer(),
    last_message: Nullable(Message),
    member_count: Type.Integer(),
    /** Mentions of me that I have not read; absent where there are none. */
    mention_count: Type.Optional(Type.Integer()),
    /** While it is muted. */
    mute: Type.Optional(Mute),
    /** The other one, in a direct conversation. */
    peer: Type.Optional(User)
  },
  { title: 'Conversation', additionalProperties: false }
)
export type Conversation = Static<typeof Conversation>

/** What all members see alike, as frames carry it. */
export const ConversationFacts = Type.Object(
  { id: Id, kind: ConversationKind, title: Nullable(Type.String()), ...described, created_at: Time },
  { title: 'ConversationFacts', additionalProperties: false }
)
export type ConversationFacts = Static<typeof ConversationFacts>

/** All optional: without a body, a group of one. A direct conversation names exactly one other member. */
export const NewConversation = Type.Object(
  {
    kind: Type.Optional(ConversationKind),
    title: Type.Optional(TitleText),
    description: Type.Optional(DescriptionText),
    public: Type.Optional(Type.Boolean()),
    member_ids: Type.Optional(Type.Array(Id, { maxItems: limits.members_per_request, uniqueItems: true }))
  },
  { title: 'NewConversation', additionalProperties: false }
)
export type NewConversation = Static<typeof NewConversation>

/** What is left out stays as it is. */
export const ConversationEdit = Type.Object(
  {
    title: Type.Optional(Nullable(TitleText)),
    description: Type.Optional(Nullable(DescriptionText)),
    public: Type.Optional(Type.Boolean({ description: 'Anyone may find, join and read it. Owners only.' }))
  },
  { title: 'ConversationEdit', additionalProperties: false, minProperties: 1 }
)
export type ConversationEdit = Static<typeof ConversationEdit>

export const PageQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.page_max, default: limits.page }))
  },
  { title: 'PageQuery', additionalProperties: false }
)
export type PageQuery = Static<typeof PageQuery>

export const ConversationPage = Type.Object(
  { items: Type.Array(Conversation), next_cursor: Nullable(Type.String()) },
  { title: 'ConversationPage', additionalProperties: false }
)
export type ConversationPage = Static<typeof ConversationPage>

/** A public group as anyone sees it. */
export const PublicConversation = Type.Object(
  {
    id: Id,
    title: Nullable(Type.String()),
    description: Type.Optional(Type.String()),
    created_at: Time,
    member_count: Type.Integer(),
    joined: Type.Boolean({ description: 'I am a member' })
  },
  { title: 'PublicConversation', additionalProperties: false }
)
export type PublicConversation = Static<typeof PublicConversation>

/** `q`: beginnings of words of the title or the description, all of them. */
export const PublicConversationQuery = Type.Object(
  { q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })), ...PageQuery.properties },
  { title: 'PublicConversationQuery', additionalProperties: false }
)
export type PublicConversationQuery = Static<typeof PublicConversationQuery>

export const PublicConversationPage = Type.Object(
  { items: Type.Array(PublicConversation), next_cursor: Nullable(Type.String()) },
  { title: 'PublicConversationPage', additionalProperties: false }
)
export type PublicConversationPage = Static<typeof PublicConversationPage>

export const Member = Type.Object(
  { user: User, role: Role, joined_seq: Seq, read_seq: Seq },
  { title: 'Member', additionalProperties: false }
)
export type Member = Static<typeof Member>

export const NewMember = Type.Object(
  { user_id: Id, role: Type.Optional(Role) },
  { title: 'NewMember', additionalProperties: false }
)
export type NewMember = Static<typeof NewMember>

export const MemberEdit = Type.Object({ role: Role }, { title: 'MemberEdit', additionalProperties: false })
export type MemberEdit = Static<typeof MemberEdit>

/** Who is to own the group in my place. */
export const HandOver = Type.Object({ user_id: Id }, { title: 'HandOver', additionalProperties: false })
export type HandOver = Static<typeof HandOver>

export const MemberPage = Type.Object(
  { items: Type.Array(Member), next_cursor: Nullable(Type.String()) },
  { title: 'MemberPage', additionalProperties: false }
)
export type MemberPage = Static<typeof MemberPage>
