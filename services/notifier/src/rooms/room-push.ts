import { type EncodedEvent, roomSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { PushTraces } from './push-traces.ts'

/** A publish carries at most so many bytes of events; the bus takes a megabyte. */
const PUBLISH_BYTES = 256 * 1024

/** Publishes events to their rooms: those of one room in one message, in the order of its number line, and never parsed again. */
export function pushToRooms(bus: EventBus, arrived: readonly EncodedEvent[], traces?: PushTraces): number {
  let publishes = 0
  for (const [conversation_id, group] of Map.groupBy(arrived, ({ event }) => event.conversation_id)) {
    group.sort((a, b) => a.event.seq - b.event.seq)
    for (const part of parts(group)) {
      bus.publish(roomSubject(conversation_id), Buffer.concat(part), traces?.take(conversation_id))
      publishes++
    }
  }
  return publishes
}

function* parts(group: readonly EncodedEvent[]): Generator<Uint8Array[]> {
  let part: Uint8Array[] = []
  let size = 0
  for (const { bytes } of group) {
    if (part.length > 0 && size + bytes.length > PUBLISH_BYTES) {
      yield part
      part = []
      size = 0
    }
    part.push(bytes)
    size += bytes.length
  }
  yield part
}
