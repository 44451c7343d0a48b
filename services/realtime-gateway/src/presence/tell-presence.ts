import type { PresenceChange, ServerFrames } from '@parley/contracts'
import { encodeTextFrame } from '../connection/text-frame.ts'
import type { RoomRegistry } from '../rooms/room-registry.ts'
import type { Subscriber } from '../rooms/subscription.ts'

/** One frame to everyone who listens to a conversation with this user, however many they share; none to the user. */
export function tellPresence(rooms: RoomRegistry, { rooms: shared, ...presence }: PresenceChange): void {
  const hearers = new Set<Subscriber>()
  for (const id of shared) for (const { subscriber } of rooms.get(id)?.live ?? []) hearers.add(subscriber)
  if (hearers.size === 0) return
  const frame: ServerFrames['presence'] = { type: 'presence', ...presence }
  const wire = encodeTextFrame(JSON.stringify(frame))
  for (const subscriber of hearers)
    if (subscriber.user_id !== presence.user_id) subscriber.writeVolatile(wire)
}
