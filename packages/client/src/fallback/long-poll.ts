import type { EventPage } from '@parley/contracts'
import type { WireFrame } from '../connection/transport.ts'
import type { FallbackSetup, Reader, RoomCursors } from './fallback-transport.ts'

const WAIT_SECONDS = 25
/** An answer that is shorter holds everything there was; they are cut at about 64 KiB. */
const FULL_CHARACTERS = 48 * 1024

/** The frames in one answer after another, each given when something happens. */
export function longPollReader({ request }: FallbackSetup): Reader {
  return {
    kind: 'long-poll',
    async read(rooms: RoomCursors, signal) {
      for (;;) {
        const cursors = rooms.cursors()
        if (Object.keys(cursors).length === 0) return
        const wait = rooms.incomplete ? 0 : WAIT_SECONDS
        const text = await (await request({ cursors, accept: 'application/json', wait, signal })).text()
        if (signal.aborted) return
        const { items, errors } = JSON.parse(text) as EventPage
        for (const frame of items) rooms.frame(frame as unknown as WireFrame)
        for (const [conversation_id, problem] of Object.entries(errors))
          rooms.frame({ ...problem, type: 'error', conversation_id, temporary: problem.status >= 500 })
        if (text.length < FULL_CHARACTERS) rooms.complete()
      }
    }
  }
}
