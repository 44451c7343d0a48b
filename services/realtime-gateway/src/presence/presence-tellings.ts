import type { PresenceChange, ServerFrames } from '@parley/contracts'
import { encodeTextFrame } from '../connection/text-frame.ts'
import type { RoomRegistry } from '../rooms/room-registry.ts'
import type { Subscriber } from '../rooms/subscription.ts'

/** One frame, finished, for one hearer. */
type Telling = [hearer: Subscriber, frame: Buffer]

/** What everyone who listens to a conversation with these users is told: once each, however many they share; none of themselves. */
export function* presenceTellings(
  rooms: RoomRegistry,
  changes: readonly PresenceChange[]
): Generator<Telling> {
  for (const { rooms: shared, ...presence } of changes) {
    const hearers = new Set<Subscriber>()
    for (const id of shared) for (const { subscriber } of rooms.get(id)?.live ?? []) hearers.add(subscriber)
    if (hearers.size === 0) continue
    const frame: ServerFrames['presence'] = { type: 'presence', ...presence }
    const wire = encodeTextFrame(JSON.stringify(frame))
    for (const hearer of hearers) if (hearer.user_id !== presence.user_id) yield [hearer, wire]
  }
}
