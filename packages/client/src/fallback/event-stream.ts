import type { WireFrame } from '../connection/transport.ts'
import { NetworkError } from '../errors.ts'
import type { FallbackSetup, Reader, RoomCursors } from './fallback-transport.ts'
import { readEvents } from './event-stream-parser.ts'

/** A comment comes every 25 s; two may be lost. */
const SILENCE_MS = 60_000
const FIRST_BYTES_MS = 5_000
const accept = 'text/event-stream'

/** The frames as they happen, in one answer that does not end. */
export function eventStreamReader({ request, clock }: FallbackSetup): Reader {
  return {
    kind: 'event-stream',
    async read(rooms: RoomCursors, signal) {
      const dead = new AbortController()
      let timer: unknown
      const heard = () => {
        clock.clearTimeout(timer)
        timer = clock.setTimeout(() => dead.abort(), SILENCE_MS)
      }
      heard()
      try {
        const either = AbortSignal.any([signal, dead.signal])
        const { body } = await request({ cursors: rooms.cursors(), accept, signal: either })
        if (!body) throw new NetworkError('an answer without a body')
        for await (const data of readEvents(body, heard)) {
          if (signal.aborted) return
          rooms.frame(JSON.parse(data) as WireFrame)
        }
      } finally {
        clock.clearTimeout(timer)
      }
    }
  }
}

/** Whether a stream's first bytes come through: there are proxies that keep an answer until it is whole. */
export async function streamsGetThrough(
  { request, clock }: FallbackSetup,
  outer: AbortSignal
): Promise<boolean> {
  const trial = new AbortController()
  const timer = clock.setTimeout(() => trial.abort(), FIRST_BYTES_MS)
  try {
    const { body } = await request({ cursors: {}, accept, signal: AbortSignal.any([outer, trial.signal]) })
    const first = await body?.getReader().read()
    return first?.done === false
  } catch (error) {
    if (trial.signal.aborted && !outer.aborted) return false
    throw error
  } finally {
    clock.clearTimeout(timer)
    trial.abort()
  }
}
