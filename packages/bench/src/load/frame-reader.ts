/** What a reader hands on. `bytes` is only good until the call returns. */
export interface FrameSink {
  text(bytes: Buffer, start: number, end: number): void
  /** Ping (9) with its payload, close (8). */
  control(opcode: number, payload: Buffer): void
}

/** Finds whole WebSocket frames of a server (never masked, not fragmented) in what a socket reads. Copies only what was cut off. */
export class FrameReader {
  #rest: Buffer | undefined

  /** Throws on a fragment and on binary data: none of the measured servers sends any. */
  push(chunk: Buffer, length: number, sink: FrameSink): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk.subarray(0, length)]) : chunk
    const size = bytes === chunk ? length : bytes.length
    const end = readFrames(bytes, size, sink)
    // A copy: the chunk is read into again.
    this.#rest = end < size ? Buffer.from(bytes.subarray(end, size)) : undefined
  }
}

/** Returns where the first frame begins that is not whole. */
function readFrames(bytes: Buffer, size: number, sink: FrameSink): number {
  let at = 0
  while (at + 2 <= size) {
    const first = bytes[at] ?? 0
    const short = bytes[at + 1] ?? 0
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
    if (start > size) break
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
    const end = start + length
    if (end > size) break
    if (first === 0x81) sink.text(bytes, start, end)
    else if ((first & 0x88) === 0x88) sink.control(first & 0x0f, bytes.subarray(start, end))
    else throw new Error(`a frame that begins with 0x${first.toString(16)}`)
    at = end
  }
  return at
}

/** A client's frame. Its mask is zero: legal, and the payload stays as it is. */
export function encodeClientFrame(payload: string | Buffer, opcode = 1): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  if (length > 65_535) throw new RangeError('the load client sends short frames')
  const start = length < 126 ? 6 : 8
  const frame = Buffer.alloc(start + length)
  frame[0] = 0x80 | opcode
  if (length < 126) frame[1] = 0x80 | length
  else {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  }
  if (typeof payload === 'string') frame.write(payload, start)
  else frame.set(payload, start)
  return frame
}
