import { decodeTraces, encodeTraces, type EventTrace, type Id, traceHeader } from '@parley/contracts'
import type { MessageHeaders, ReceivedMessage } from '@parley/event-bus'
import type { Step, Tracing } from '@parley/service-kit'

/** The traces that a batch of events belongs to, each with its step through here. */
export class PushTraces {
  readonly #steps: Step[] = []
  readonly #next = new Map<Id, EventTrace[]>()

  constructor(tracing: Tracing, batch: readonly ReceivedMessage[]) {
    for (const { header } of batch)
      for (const { conversation_id, seq, context } of decodeTraces(header(traceHeader))) {
        const about = {
          'parley.conversation': conversation_id,
          'parley.seq': seq,
          'parley.batch': batch.length
        }
        const step = tracing.follow(context, 'push to room', about)
        if (!step) continue
        this.#steps.push(step)
        const next = { conversation_id, seq, context: step.context }
        this.#next.set(conversation_id, [...(this.#next.get(conversation_id) ?? []), next])
      }
  }

  /** Headers for a message to a room. They go with the first: a room that gets several gets them in one turn. */
  take(conversation_id: Id): MessageHeaders | undefined {
    const traces = this.#next.get(conversation_id)
    this.#next.delete(conversation_id)
    return traces && encodeTraces(traces)
  }

  end(): void {
    for (const step of this.#steps) step.end()
  }
}
