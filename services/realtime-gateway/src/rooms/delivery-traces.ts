import { decodeTraces, traceHeader } from '@parley/contracts'
import type { HeaderReader } from '@parley/event-bus'
import type { Tracing } from '@parley/service-kit'
import type { Room } from './room.ts'

/** The last step of the traces that a message to a room belongs to: until the turn that writes its events to the sockets is over. */
export function traceDelivery(tracing: Tracing, header: HeaderReader, room: Room): void {
  const sockets = room.live.size
  const steps = decodeTraces(header(traceHeader)).map(({ conversation_id, seq, context }) =>
    tracing.follow(context, 'deliver to sockets', {
      'parley.conversation': conversation_id,
      'parley.seq': seq,
      'parley.sockets': sockets
    })
  )
  if (steps.length > 0) setImmediate(() => steps.forEach((step) => step?.end()))
}
