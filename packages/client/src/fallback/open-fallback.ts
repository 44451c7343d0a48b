import type { Transport, TransportEvents } from '../connection/transport.ts'
import { eventStreamReader, streamsGetThrough } from './event-stream.ts'
import { type FallbackSetup, FallbackTransport } from './fallback-transport.ts'
import { longPollReader } from './long-poll.ts'

/** An event stream; where those do not get through, or are not wanted, long-polling. */
export async function openFallback(
  setup: FallbackSetup,
  { streams, polls }: { streams: boolean; polls: boolean },
  events: TransportEvents,
  signal: AbortSignal
): Promise<Transport> {
  const stream = streams && (!polls || (await streamsGetThrough(setup, signal)))
  return new FallbackTransport(setup, stream ? eventStreamReader(setup) : longPollReader(setup), events)
}
