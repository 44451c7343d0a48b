import type { Id } from '@parley/contracts'
import type { RoomEvent } from './room-event.ts'

/** An event in the bytes of one dialect. */
export interface Rendering {
  bytes: Buffer
  /** Whom it is not for: nobody is notified of their own message. */
  except?: Id
}

/** How one kind of reader is told of events. A rendering is made once and the same bytes go to every reader. */
export interface Dialect {
  readonly name: string
  /**
   * Its readers apply durable frames by the client's rule and so take an edited message they never saw. Others must be told of
   * each message as a new one exactly once.
   */
  readonly by_cursor: boolean
  /** Null where this dialect has nothing to say. `unseen`: no reader of this rendering was told of the message before. */
  render(event: RoomEvent, unseen: boolean): Rendering | null
  /** A frame that is no event. */
  encode(json: string): Buffer
}
