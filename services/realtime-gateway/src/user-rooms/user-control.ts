import { allUsers, decodeControl, type Id, type UserControl, userSubject } from '@parley/contracts'
import type { EventBus, Subscription } from '@parley/event-bus'
import type { ConnectionRegistry } from '../connection/connection-registry.ts'
import type { RoomFollower } from './room-follower.ts'

interface ControlServices {
  bus: EventBus
  connections: ConnectionRegistry
  follower: RoomFollower
}

/** Does what the api says about users over the bus. The beat repeats what is lost, so nothing here has to arrive. */
export function listenToUserControl({ bus, connections, follower }: ControlServices): Subscription {
  const prefix = userSubject('')
  return bus.subscribe(allUsers, (payload, subject) => {
    const user = subject.slice(prefix.length)
    const control = decodeControl(payload)
    if (control) apply(user, control)
  })

  function apply(user: Id, control: UserControl): void {
    switch (control.type) {
      case 'session_ended':
        return endSession(connections, control.session_id)
      case 'rooms_changed':
        return follower.changed(user, control.rooms_version)
      case 'read':
        return tellRead(connections, user, control)
      case 'thread_read':
        return tellThreadRead(connections, user, control)
      default:
        return control satisfies never
    }
  }
}

/** Nothing is written to its sockets any more. */
export function endSession(connections: ConnectionRegistry, session_id: Id): void {
  for (const connection of connections.ofSession(session_id)) connection.close('session_ended')
}

/** To the user's connections that do not know it yet because they said it. */
function tellRead(
  connections: ConnectionRegistry,
  user_id: Id,
  { conversation_id, read_seq }: Extract<UserControl, { type: 'read' }>
): void {
  for (const connection of connections.ofUser(user_id)) {
    const subscription = connection.subscriptions.get(conversation_id)
    if (connection.protocol.name !== 'parley.v1' || subscription?.state !== 'live') continue
    if (subscription.read_seq >= read_seq) continue
    subscription.noteRead(read_seq)
    connection.send({ type: 'read', conversation_id, user_id, seq: read_seq })
  }
}

/** To all the user's connections, the one that said it too: it knows already, and a position that does not move changes nothing. */
function tellThreadRead(
  connections: ConnectionRegistry,
  user_id: Id,
  { conversation_id, thread_id, read_seq: seq }: Extract<UserControl, { type: 'thread_read' }>
): void {
  for (const connection of connections.ofUser(user_id)) {
    if (connection.protocol.name !== 'parley.v1') continue
    if (connection.subscriptions.get(conversation_id)?.state !== 'live') continue
    connection.send({ type: 'thread_read', conversation_id, thread_id, user_id, seq })
  }
}
