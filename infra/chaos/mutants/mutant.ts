import type { ConversationApi } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { InvariantId } from '@parley/testing'
import type pg from 'pg'
import type { Random } from '../random.ts'

export interface Parts {
  bus: EventBus
  database: pg.Pool
  random: Random
}

/** A Parley with one promise broken, by what is put around its ports. */
export interface Mutant {
  name: string
  /** One of these must be found violated. */
  breaks: readonly InvariantId[]
  /** What the services that write publish on. May go on in the background until `stopped` is aborted. */
  writers?(parts: Parts, stopped: AbortSignal): Promise<EventBus>
  /** What one gateway stands on. */
  gateway?(parts: Parts & { api: ConversationApi }): { bus?: EventBus; api?: ConversationApi }
}
