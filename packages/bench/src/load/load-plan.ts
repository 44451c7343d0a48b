import type { DeliveryCounts } from './delivery-tracker.ts'
import type { DialectName, LoadMember } from './dialects.ts'

/** Whom to connect. */
export interface ConnectPlan {
  dialect: DialectName
  /** Several ports are dialled in turn. */
  ports: readonly number[]
  members: readonly LoadMember[]
  /** Handshakes under way at once. */
  concurrency?: number
  /** Whoever is refused tries again after a random time, as a good client does. */
  retry?: boolean
}

export interface ConnectReport {
  sockets: number
  /** From the first dial until all were ready to receive, in milliseconds. */
  elapsed_ms: number
  /** From dial to ready, a socket each. */
  ready_ms: number[]
  retries: number
  /** Message frames that came before their socket was ready: what a resume replayed. */
  replayed: number
}

interface RunShape {
  seconds: number
  /** Characters of a body. */
  body_length: number
  /** How long to wait for what is still on the way when all is sent, in milliseconds. */
  drain_ms?: number
}
/** `open`: so many sends a second, spread evenly, whatever comes back. `window`: as fast as what is complete makes room. */
export type RunPlan = RunShape & ({ kind: 'open'; rate: number } | { kind: 'window'; in_flight: number })

export interface RunReport extends DeliveryCounts {
  /** From the first send until the last message was complete. */
  seconds: number
  /** Latency to the last receiver, and of acknowledgements. */
  last_delivery_ms: number[]
  ack_ms: number[]
  worst_lateness_ms: number
  /** Sockets that did not get each of their room's messages exactly once, going by their number. */
  uneven_sockets: number
  closed_sockets: number
  /** Error frames, and what the first one said. */
  errors: number
  first_error: string | undefined
  /** The load client's own. */
  cpu_seconds: number
  reads: number
  bytes: number
}
