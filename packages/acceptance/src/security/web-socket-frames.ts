import { randomBytes } from 'node:crypto'

export const opcodes = Object.freeze({
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa
})

export interface FrameFields {
  /** 0 to 15. Default: text. */
  opcode?: number
  payload?: string | Uint8Array
  /** Default true: the last of its message. */
  fin?: boolean
  /** RSV1 is 4, RSV2 2, RSV3 1; nobody negotiated a meaning for any. */
  rsv?: number
  /** Default true, as RFC 6455 wants it of clients. */
  masked?: boolean
  /** What the length field says instead of the payload's length; `-1` sets all 64 bits. */
  claims?: number
}

/** One WebSocket frame as a client sends it, or as no client should. */
export function clientFrame(fields: FrameFields): Buffer {
  const { opcode = opcodes.text, fin = true, rsv = 0, masked = true } = fields
  const payload = Buffer.from(fields.payload ?? '')
  const length = lengthField(fields.claims ?? payload.length, masked)
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode])
  if (!masked) return Buffer.concat([first, length, payload])
  const mask = randomBytes(4)
  return Buffer.concat([first, length, mask, payload.map((byte, n) => byte ^ (mask[n % 4] ?? 0))])
}

/** A text frame of JSON, or of the text itself. */
export function textFrame(value: unknown): Buffer {
  return clientFrame({ payload: typeof value === 'string' ? value : JSON.stringify(value) })
}

function lengthField(length: number, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0
  if (length < 0) return Buffer.from([bit | 127, 255, 255, 255, 255, 255, 255, 255, 255])
  if (length < 126) return Buffer.from([bit | length])
  if (length < 65_536) return Buffer.from([bit | 126, length >> 8, length & 255])
  const field = Buffer.alloc(9)
  field[0] = bit | 127
  field.writeBigUInt64BE(BigInt(length), 1)
  return field
}

export interface ServerFrame {
  opcode: number
  payload: Buffer
}

/** The whole frames of a server, which neither masks nor fragments, and what is left over. */
export function serverFrames(bytes: Buffer): { frames: ServerFrame[]; rest: Buffer } {
  const frames: ServerFrame[] = []
  let at = 0
  for (;;) {
    const header = readHeader(bytes, at)
    if (!header || bytes.length < header.payload + header.length) return { frames, rest: bytes.subarray(at) }
    const end = header.payload + header.length
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(header.payload, end) })
    at = end
  }
}

function readHeader(bytes: Buffer, at: number): { payload: number; length: number } | undefined {
  if (bytes.length < at + 2) return undefined
  const short = (bytes[at + 1] ?? 0) & 0x7f
  if (short < 126) return { payload: at + 2, length: short }
  if (short === 126)
    return bytes.length < at + 4 ? undefined : { payload: at + 4, length: bytes.readUInt16BE(at + 2) }
  return bytes.length < at + 10
    ? undefined
    : { payload: at + 10, length: Number(bytes.readBigUInt64BE(at + 2)) }
}
