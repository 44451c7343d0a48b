import type { Id } from '../common/scalars.ts'

/** The name of the header in which traces travel over the bus: beside the events, never in them. */
export const traceHeader = 'Parley-Trace'

/** The trace that an event belongs to. One message may carry events of many. */
export interface EventTrace {
  conversation_id: Id
  seq: number
  /** W3C `traceparent` of the last step. */
  context: string
}

/** Headers for a message with these traces; undefined for none. Example: `bus.publish(subject, payload, encodeTraces(traces))` */
export function encodeTraces(traces: readonly EventTrace[]): { [traceHeader]: string[] } | undefined {
  if (traces.length === 0) return undefined
  return {
    [traceHeader]: traces.map(({ conversation_id, seq, context }) => `${conversation_id} ${seq} ${context}`)
  }
}

/** Reads {@link encodeTraces}. What comes over the bus is not trusted: a value that is none is left out. */
export function decodeTraces(values: readonly string[]): EventTrace[] {
  return values.flatMap((value) => {
    const [, conversation_id, seq, context] = encoded.exec(value) ?? []
    return conversation_id && context ? [{ conversation_id, seq: Number(seq), context }] : []
  })
}

const encoded = /^([\w-]{1,64}) (\d{1,15}) (00-[\da-f]{32}-[\da-f]{16}-[\da-f]{2})$/
