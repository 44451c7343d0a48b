import type { EventPage } from '@parley/contracts'
import type { WireFrame } from '../connection/transport.ts'
import type { FallbackSetup, Reader, RoomCursors } from './fallback-transport.ts'

const WAIT_SECONDS = 25

/** An earlier gateway does not say what is complete: there an empty answer does. */
type Page = Omit<EventPage, 'complete'> & Partial<EventPage>

/** The frames in one answer after another, each given when something happens. */
export function longPollReader({ request }: FallbackSetup): Reader {
  return {
    kind: 'long-poll',
    async read(rooms: RoomCursors, signal) {
      for (;;) {
        const cursors = rooms.cursors()
        if (Object.keys(cursors).length === 0) return
        const wait = rooms.incomplete ? 0 : WAIT_SECONDS
        const answer = await request({ cursors, accept: 'application/json', wait, signal })
        const { items, complete, errors } = (await answer.json()) as Page
        if (signal.aborted) return
        for (const frame of items) rooms.frame(frame as unknown as WireFrame)
        for (const [conversation_id, problem] of Object.entries(errors))
          rooms.frame({ ...problem, type: 'error', conversation_id, temporary: problem.status >= 500 })
        // A frame may have shown that something is missing: then it is being asked for anew.
        if (signal.aborted) return
        for (const id of complete ?? (items.length === 0 ? Object.keys(cursors) : [])) rooms.complete(id)
      }
    }
  }
}
