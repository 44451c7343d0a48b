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
 * Commands on their way to the api: those of one turn in one call. Sends take lanes with one call in flight each, so that a
 * connection's sends keep their order. The others may wait for a busy conversation's lock, which must not hold up anyone's send: they
 * take calls of their own, in order per user and conversation.
 */
export class CommandQueue {
  readonly #lanes: Batcher<Command, CommandResult>[]
  readonly #mutations: Batcher<Command, CommandResult>
  /** The last mutation of a user in a conversation that is not answered yet. */
  readonly #before = new Map<string, Promise<unknown>>()
  readonly #logger: Logger

  constructor(api: Pick<ConversationApi, 'execute'>, tuning: Tuning, logger: Logger) {
    const batcher = (calls_in_flight: number) =>
      new Batcher<Command, CommandResult>({
        call: (commands) => api.execute(commands),
        max_items: commandsPerRequest,
        calls_in_flight,
        max_waiting: tuning.commands_waiting
      })
    this.#logger = logger
    this.#lanes = Array.from({ length: tuning.command_lanes }, () => batcher(1))
    this.#mutations = batcher(tuning.mutation_calls)
  }

  /** Every command was answered. */
  get idle(): boolean {
    return this.#before.size === 0 && this.#lanes.every((lane) => lane.idle)
  }

  /** Never rejects: a failure is a result, `unavailable` where nobody knows whether the command was carried out. */
  async execute(order: number, command: Command): Promise<CommandResult> {
    try {
      return await (command.frame.type === 'send' ? this.#send(order, command) : this.#mutate(command))
    } catch (error) {
      if (error instanceof ProblemError) return { ok: false, code: error.code, extras: error.extras }
      this.#logger.warn({ err: error }, 'commands failed')
      return { ok: false, code: 'unavailable', extras: { retry_after_ms: 1_000 } }
    }
  }

  #send(order: number, command: Command): Promise<CommandResult> {
    const lane = this.#lanes[order % this.#lanes.length]
    if (!lane) throw new Error('no lane')
    return lane.add(command)
  }

  async #mutate(command: Command): Promise<CommandResult> {
    const key = `${command.user.id} ${command.frame.conversation_id}`
    const earlier = this.#before.get(key)
    const add = () => this.#mutations.add(command)
    const result = earlier ? earlier.then(add, add) : add()
    this.#before.set(key, result)
    try {
      return await result
    } finally {
      if (this.#before.get(key) === result) this.#before.delete(key)
    }
  }
}
