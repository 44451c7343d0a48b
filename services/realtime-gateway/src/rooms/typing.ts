import { type Id, type ServerFrames, serverFrames, validator } from '@parley/contracts'
import { encodeTextFrame } from '../connection/text-frame.ts'

const isTyping = validator(serverFrames.typing)

/** What goes over the bus from the gateway of whoever types to all gateways. */
export function encodeTyping(frame: Omit<ServerFrames['typing'], 'type'>): Buffer {
  return Buffer.from(JSON.stringify({ type: 'typing', ...frame }))
}

/** The finished WebSocket frame; undefined for anything that is not about typing in this conversation. */
export function decodeTyping(
  payload: Uint8Array,
  conversation_id: Id
): { wire: Buffer; user_id: Id; on: boolean } | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (!isTyping(value) || value.conversation_id !== conversation_id) return undefined
    return { wire: encodeTextFrame(bytes), user_id: value.user_id, on: value.on }
  } catch {
    return undefined
  }
}
