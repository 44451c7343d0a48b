import { type DurableEvent, decodeEvent, encodeEvent } from './event.ts'

/**
 * Several events as one message on `room.<conversation>`: each as its length in bytes, a line feed and {@link encodeEvent}'s bytes.
 * Example: `bus.publish(roomSubject(id), joinEvents(events))`
 */
export function joinEvents(events: readonly DurableEvent[]): Buffer {
  return joinEncodedEvents(events.map(encodeEvent))
}

/** The same for events that are bytes already: they are copied, not parsed. */
export function joinEncodedEvents(encoded: readonly Uint8Array[]): Buffer {
  return Buffer.concat(encoded.flatMap((bytes) => [Buffer.from(`${bytes.length}\n`), bytes]))
}

/** Reads {@link joinEvents}. What comes over the bus is not trusted: an event of an unknown kind is left out, the rest after a broken length too. */
export function splitEvents(payload: Uint8Array): DurableEvent[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const events: DurableEvent[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at)
    const length = end < 0 ? Number.NaN : Number(bytes.toString('latin1', at, end))
    if (!Number.isSafeInteger(length) || length < 1 || end + 1 + length > bytes.length) break
    at = end + 1 + length
    const event = decodeEvent(bytes.subarray(end + 1, at))
    if (event) events.push(event)
  }
  return events
}
