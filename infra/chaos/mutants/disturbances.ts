import { setTimeout as delay } from 'node:timers/promises'
import { type ConversationApi, roomSubject, splitEvents } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { HistoryLog } from '@parley/testing'
import type { Random } from '../random.ts'
import { override } from './override.ts'

// What a correct Parley takes without harm. The mutants meet the same.

const LOST_ANSWERS = 0.05
const LATE_DOORBELLS = 0.3
const LATE_MS = 30

/** Some sends are carried out, and their answer is lost. */
export function losingAnswers(api: ConversationApi, random: Random): ConversationApi {
  return override(api, {
    async execute(commands) {
      const results = await api.execute(commands)
      return results.map((result, n) =>
        commands[n]?.frame.type === 'send' && random.chance(LOST_ANSWERS)
          ? { ok: false, code: 'unavailable', extras: { retry_after_ms: 20 } }
          : result
      )
    }
  })
}

export interface DisturbedBus {
  bus: EventBus
  /** From now on nothing that is volatile arrives, as from a broker that lost it. */
  forget(): void
}

const rooms = roomSubject('')

/** Doorbells come late and so out of order; what the stream took is recorded. */
export function disturb(bus: EventBus, random: Random, log: HistoryLog): DisturbedBus {
  let forgetting = false
  const disturbed = override(bus, {
    async publishDurable(messages) {
      const results = await bus.publishDurable(messages)
      for (const [n, { payload }] of messages.entries()) {
        if (results[n] !== undefined) continue
        for (const { conversation_id: conversation, seq } of splitEvents(payload))
          log.record({ type: 'rung', conversation, seq })
      }
      return results
    },
    publish(subject, payload) {
      if (!subject.startsWith(rooms)) return bus.publish(subject, payload)
      if (forgetting) return undefined
      if (random.chance(LATE_DOORBELLS)) return void publishLate(subject, payload)
      return bus.publish(subject, payload)
    }
  })
  async function publishLate(subject: string, payload: Uint8Array): Promise<void> {
    await delay(random.int(1, LATE_MS))
    if (!forgetting) bus.publish(subject, payload)
  }
  return {
    bus: disturbed,
    forget() {
      forgetting = true
    }
  }
}
