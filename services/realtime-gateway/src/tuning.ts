import { limits } from '@parley/contracts'

/** Every time, size and number the gateway works by. Times are milliseconds, sizes bytes. */
export const defaultTuning = Object.freeze({
  /** Between two pings to one socket; a peer that misses two is gone. */
  heartbeat_ms: limits.heartbeat_ms,
  /** Between two looks at what moved. */
  beat_ms: 1_000,
  /** A look that takes several calls spreads them over so long. */
  beat_spread_ms: 500,
  /** Between two reports of who is here. */
  presence_ms: 1_000,
  /** Who left is here for so long. */
  presence_linger_ms: 5_000,
  /** A "typing" that is not repeated ends. */
  typing_ms: limits.typing_ms,
  /** Without a successful beat for so long, nothing is written to anyone until there is one. */
  unconfirmed_ms: 15_000,
  /** Buffered for one socket: from here on nothing is written to it until it drained. */
  lag_bytes: 1024 * 1024,
  /** Buffered for one socket: below this the next page may go, above it volatile frames are dropped. */
  resume_bytes: 64 * 1024,
  /** Changes in one page of a catch-up. */
  page_events: 200,
  /** What one catching-up socket gets at once, about. */
  page_bytes: 256 * 1024,
  /** Recent events a room keeps, and for how many readers it keeps as many again. */
  ring_events: 256,
  ring_bytes: 128 * 1024,
  ring_readers: 64,
  /** Events beyond a gap that a room keeps while the gap is filled. */
  ahead_events: 1_000,
  /** An empty room stays open for so long. */
  room_linger_ms: 10_000,
  /** Sockets that one event-loop turn writes a room's events to: a third of a millisecond, which other rooms' work waits for. */
  fan_out_chunk: 25,
  /** The longest a room waits under load before it writes again, so that more events share a write. */
  coalesce_ms: 20,
  /**
   * A large room that is not alone pauses for `pause_ms` after each `pause_after_ms` of work, for at most `pauses_ms` in one round; other
   * rooms were at work within the last `others_ms`.
   */
  pause_ms: 1,
  pause_after_ms: 0.2,
  pauses_ms: 250,
  others_ms: 100,
  /** How long the bus may take to confirm subscriptions. */
  flush_ms: 1_000,
  /** Calls to the api that carry sends, in flight at once. */
  send_calls: 4,
  /** Calls that carry other commands, in flight at once. */
  mutation_calls: 8,
  /** Commands that wait for a call. */
  commands_waiting: 8_192,
  /** Room reads in one call, and calls in flight. */
  reads_per_call: 256,
  read_calls: 8,
  /** Frames other than sends, per connection. */
  frames_per_second: 100,
  frames_burst: 1_200,
  /** So many bad frames in a row, none further than `bad_frames_ms` from the first, end a connection. */
  bad_frames: 20,
  bad_frames_ms: 10_000,
  /** How long sockets have to move elsewhere when this gateway stops. */
  drain_ms: 5_000,
  /** How long a peer may take to answer a close frame. */
  close_ms: 5_000
})
export type Tuning = { readonly [K in keyof typeof defaultTuning]: number }
