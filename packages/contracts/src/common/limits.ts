import { type Static, Type } from '@sinclair/typebox'

/** Every limit a client can run into. Lengths are in code points, sizes in bytes, times in milliseconds. */
export const limits = Object.freeze({
  body_length: 16_000,
  title_length: 200,
  description_length: 2_000,
  display_name_length: 100,
  username_length: 64,
  password_min_bytes: 8,
  password_max_bytes: 1_024,
  client_id_length: 200,
  emoji_length: 32,
  request_bytes: 256 * 1024,
  frame_bytes: 64 * 1024,
  frame_fragments: 64,
  /** Pieces of one message that `ws` may hold before it is whole. */
  frame_chunks: 1_024,
  pins_per_conversation: 100,
  /** Names in one text that are looked up; what comes after is text. */
  mentions_per_message: 50,
  members_per_group: 10_000,
  members_per_request: 200,
  /** Different emoji on one message; how many people use one is not limited. */
  emoji_per_message: 50,
  subscriptions_per_connection: 1_000,
  cursors_per_request: 10_000,
  page: 50,
  page_max: 200,
  reason_length: 1_000,
  attachment_bytes: 25 * 1024 * 1024,
  attachments_per_message: 10,
  /** Of all files of one user, sent or not. */
  attachments_user_bytes: 1024 * 1024 * 1024,
  /** What was uploaded and not sent is kept for so long. */
  attachments_unsent_ms: 24 * 3_600_000,
  file_name_length: 200,
  /** Width times height of a picture, all frames together. */
  image_pixels: 50_000_000,
  /** Of the longer side of a thumbnail, in pixels. */
  thumbnail_side: 320,
  search_text_length: 200,
  search_page: 20,
  search_page_max: 50,
  searches_per_second: 2,
  searches_burst: 20,
  changes_page: 100,
  changes_page_max: 1_000,
  sends_per_second: 20,
  sends_burst: 40,
  typing_per_second: 1,
  /** A "typing" that is not repeated ends by itself. */
  typing_ms: 6_000,
  /** Where more connections of one gateway listen to a conversation, nobody is told who types in it. */
  typing_listeners: 500,
  presence_per_second: 1,
  /** Presence is pushed to the members of conversations up to this size. */
  presence_members: 500,
  connections_per_user: 100,
  /** Browsers of one user that are pushed to. */
  push_subscriptions: 20,
  heartbeat_ms: 25_000,
  /** What a long-poll may wait. */
  poll_seconds: 60,
  ticket_ms: 30_000,
  session_ms: 30 * 24 * 3_600_000
})

/** The part of {@link limits} that `welcome` tells a client. */
export const ConnectionLimits = Type.Object(
  {
    body_length: Type.Integer(),
    frame_bytes: Type.Integer(),
    subscriptions_per_connection: Type.Integer(),
    sends_per_second: Type.Integer(),
    sends_burst: Type.Integer(),
    typing_per_second: Type.Integer(),
    typing_ms: Type.Integer(),
    presence_per_second: Type.Integer()
  },
  { title: 'ConnectionLimits', additionalProperties: false }
)
export type ConnectionLimits = Static<typeof ConnectionLimits>
