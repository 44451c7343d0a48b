import type { Message, ServerFrames } from '@parley/contracts'
import { encodeTextFrame } from '../connection/text-frame.ts'
import type { Dialect, Rendering } from '../rooms/dialect.ts'
import type { RoomEvent } from '../rooms/room-event.ts'

/** Code points of a message's body that a notification shows. */
const PREVIEW_LENGTH = 140

/** New messages, and deletions; nobody is notified of what they did themselves. */
export const notificationDialect: Dialect = {
  name: 'notifications',
  by_cursor: false,
  encode: encodeTextFrame,
  render: ({ parsed, actor_id }: RoomEvent, unseen: boolean): Rendering | null => {
    if (parsed?.type === 'message' || (parsed?.type === 'message_edited' && unseen))
      return notification(
        'new_message',
        parsed.message,
        parsed.message.seq,
        previewOf(parsed.message.body ?? '')
      )
    if (parsed?.type === 'message_deleted')
      return { ...notification('message_deleted', parsed.message, parsed.seq, null), except: actor_id }
    return null
  }
}

function notification(
  kind: ServerFrames['notification']['kind'],
  { id: message_id, conversation_id, sender }: Message,
  seq: number,
  preview: string | null
): Rendering {
  const frame: ServerFrames['notification'] = {
    type: 'notification',
    kind,
    conversation_id,
    message_id,
    seq,
    sender,
    preview
  }
  return { bytes: encodeTextFrame(JSON.stringify(frame)), except: sender.id }
}

/** The first code points: a body is never cut within one. */
function previewOf(body: string): string {
  if (body.length <= PREVIEW_LENGTH) return body
  return Array.from(body.slice(0, 2 * PREVIEW_LENGTH))
    .slice(0, PREVIEW_LENGTH)
    .join('')
}
