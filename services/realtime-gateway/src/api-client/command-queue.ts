import {
  type Command,
  type CommandResult,
  type ConversationApi,
  commandsPerRequest,
  ProblemError
} from '@parley/contracts'
import type { Logger } from 'pino'
import type { Tuning } from '../tuning.ts'
import { Batcher } from './batcher.ts'

/**
 * Commands on their way to the api: those of one turn in one call, each lane with one call in flight, so that what takes the same
 * lane keeps its order.
 */
export class CommandQueue {
  readonly #lanes: Batcher<Command, CommandResult>[]
  readonly #logger: Logger

  constructor(api: Pick<ConversationApi, 'execute'>, tuning: Tuning, logger: Logger) {
    this.#logger = logger
    this.#lanes = Array.from(
      { length: tuning.command_lanes },
      () =>
        new Batcher({
          call: (commands) => api.execute(commands),
          max_items: commandsPerRequest,
          calls_in_flight: 1,
          max_waiting: tuning.commands_waiting
        })
    )
  }

  /** Every command was answered. */
  get idle(): boolean {
    return this.#lanes.every((lane) => lane.idle)
  }

  /** Never rejects: a failure is a result, `unavailable` where nobody knows whether the command was carried out. */
  async execute(order: number, command: Command): Promise<CommandResult> {
    try {
      const lane = this.#lanes[order % this.#lanes.length]
      if (!lane) throw new Error('no lane')
      return await lane.add(command)
    } catch (error) {
      if (error instanceof ProblemError) return { ok: false, code: error.code, extras: error.extras }
      this.#logger.warn({ err: error }, 'commands failed')
      return { ok: false, code: 'unavailable', extras: { retry_after_ms: 1_000 } }
    }
  }
}
