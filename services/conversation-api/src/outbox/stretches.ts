import type { DurableEvent } from '@parley/contracts'

/** A part of a number line, both ends included. */
export interface Stretch {
  conversation_id: string
  first: number
  last: number
}

/** The stretches that events make up, each conversation's events in their order. */
export function stretchesOf(events: readonly Pick<DurableEvent, 'conversation_id' | 'seq'>[]): Stretch[] {
  const open = new Map<string, Stretch>()
  const stretches: Stretch[] = []
  for (const { conversation_id, seq } of events) {
    const stretch = open.get(conversation_id)
    if (stretch?.last === seq - 1) {
      stretch.last = seq
      continue
    }
    const next = { conversation_id, first: seq, last: seq }
    open.set(conversation_id, next)
    stretches.push(next)
  }
  return stretches
}
