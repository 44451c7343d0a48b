import type { Id, Message, SimpleFrames } from '@parley/contracts'
import { encodeTextFrame } from '../connection/text-frame.ts'
import type { Dialect, Rendering } from '../rooms/dialect.ts'
import type { RoomEvent } from '../rooms/room-event.ts'

/** What both seeds' clients understand: messages, edits and deletions, each id under both its names. */
export const simpleDialect: Dialect = {
  name: 'simple',
  by_cursor: false,
  encode: encodeTextFrame,
  render: ({ parsed }: RoomEvent, unseen: boolean): Rendering | null => {
    switch (parsed?.type) {
      case 'message':
        return frame({ type: 'message', message: simpleMessage(parsed.message) })
      case 'message_edited':
        return frame({
          type: unseen ? 'message' : 'message_edited',
          message: simpleMessage(parsed.message)
        })
      case 'message_deleted': {
        const { message_id, conversation_id, seq } = parsed
        return frame({ type: 'message_deleted', message_id, ...conversation(conversation_id), seq })
      }
      default:
        return null
    }
  }
}

type SimpleFrame = SimpleFrames['message'] | SimpleFrames['message_edited'] | SimpleFrames['message_deleted']

function frame(value: SimpleFrame): Rendering {
  return { bytes: encodeTextFrame(JSON.stringify(value)) }
}

function simpleMessage(message: Message): SimpleFrames['message']['message'] {
  const { id, conversation_id, seq, sender, body, created_at } = message
  const text = body ?? ''
  return { id, ...conversation(conversation_id), seq, sender, body: text, content: text, created_at }
}

function conversation(id: Id): { conversation: Id; chat: Id } {
  return { conversation: id, chat: id }
}
