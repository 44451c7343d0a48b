/**
 * One finished WebSocket frame, header and text in one buffer: final, unmasked, not compressed, as a server sends it. It can be
 * written to any number of sockets, and several can be joined into one write.
 */
export function encodeTextFrame(text: Uint8Array | string): Buffer {
  const length = typeof text === 'string' ? Buffer.byteLength(text) : text.length
  const start = headerLength(length)
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = 0x81
  if (start === 2) frame[1] = length
  else if (start === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(length, 6)
  }
  if (typeof text === 'string') frame.write(text, start)
  else frame.set(text, start)
  return frame
}

/** The text of one {@link encodeTextFrame} frame, not copied. */
export function textOf(frame: Buffer): Buffer {
  return frame.subarray(headerLengthOf(frame[1] ?? 0))
}

/** The texts of frames that were joined. */
export function* textsOf(frames: Buffer): Generator<Buffer> {
  let at = 0
  while (at < frames.length) {
    const short = frames[at + 1] ?? 0
    const start = at + headerLengthOf(short)
    const length =
      short < 126 ? short : short === 126 ? frames.readUInt16BE(at + 2) : frames.readUInt32BE(at + 6)
    at = start + length
    yield frames.subarray(start, at)
  }
}

function headerLength(length: number): number {
  if (length < 126) return 2
  return length < 65_536 ? 4 : 10
}

function headerLengthOf(second: number): number {
  if (second < 126) return 2
  return second === 126 ? 4 : 10
}
