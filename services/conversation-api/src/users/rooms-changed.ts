import { encodeControl, userSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { RoomsVersion } from './user-store.ts'

/** Tells the gateways, after the commit; what is lost on the way they learn by their beat. */
export function announceRooms(bus: EventBus, versions: readonly RoomsVersion[]): void {
  for (const { user_id, rooms_version } of versions) {
    bus.publish(userSubject(user_id), encodeControl({ type: 'rooms_changed', rooms_version }))
  }
}
