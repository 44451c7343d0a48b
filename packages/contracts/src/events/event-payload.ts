import { crc32 } from 'node:zlib'
import { type DurableEvent, decodeEvent, eventHeader } from './event.ts'

/** An event, and what {@link joinEvents} made of it. */
export interface EncodedEvent {
  event: DurableEvent
  bytes: Buffer
}

/**
 * Several events as one message on the bus, the durable one and `room.<conversation>` alike: each as its length in bytes, a space,
 * its CRC-32 in hex, a line feed and the bytes of {@link eventHeader} and the frame. What is joined may be taken apart and joined in
 * another way without being encoded again.
 *
 * @example
 * bus.publish(roomSubject(id), joinEvents(events))
 */
export function joinEvents(events: readonly DurableEvent[]): Buffer {
  const parts: Buffer[] = []
  for (const event of events) {
    const header = eventHeader(event)
    const checksum = crc32(event.frame, crc32(header))
    const length = header.length + event.frame.length
    parts.push(Buffer.from(`${length} ${checksum.toString(16)}\n${header}`, 'latin1'), event.frame)
  }
  return Buffer.concat(parts)
}

/**
 * Reads {@link joinEvents}. What comes over the bus is not trusted: an event whose bytes were changed on the way or whose kind is
 * unknown is left out, the rest after a broken length too. To whoever reads, that is a doorbell that did not ring.
 */
export function splitEvents(payload: Uint8Array): DurableEvent[] {
  return readEvents(payload).encoded.map(({ event }) => event)
}

/** The same with the bytes of each, to be passed on as they are; undefined unless there is an event and every byte could be read. */
export function splitWhole(payload: Uint8Array): EncodedEvent[] | undefined {
  const { encoded, whole } = readEvents(payload)
  return whole && encoded.length > 0 ? encoded : undefined
}

function readEvents(payload: Uint8Array): { encoded: EncodedEvent[]; whole: boolean } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const encoded: EncodedEvent[] = []
  let whole = true
  let at = 0
  while (at < bytes.length) {
    const start = at
    const end = bytes.indexOf(10, at)
    const [length = Number.NaN, checksum] = end < 0 ? [] : readLine(bytes.toString('latin1', at, end))
    if (!Number.isSafeInteger(length) || length < 1 || end + 1 + length > bytes.length) {
      whole = false
      break
    }
    at = end + 1 + length
    const own = bytes.subarray(end + 1, at)
    const event = crc32(own) === checksum ? decodeEvent(own) : undefined
    if (event) encoded.push({ event, bytes: bytes.subarray(start, at) })
    else whole = false
  }
  return { encoded, whole }
}

function readLine(line: string): [length: number, checksum: number] {
  const space = line.indexOf(' ')
  return [Number(line.slice(0, space)), Number.parseInt(line.slice(space + 1), 16)]
}
