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
 * Commands on their way to the api, many in a call. A connection's sends keep their order. Other commands may wait for a busy
 * conversation's lock, which must not hold up anyone's send: they take calls of their own, in order per user and conversation.
 */
export class CommandQueue {
  readonly #sends: Batcher<Command, CommandResult>
  readonly #mutations: Batcher<Command, CommandResult>
  /** The last mutation of a user in a conversation that is not answered yet. */
  readonly #before = new Map<string, Promise<unknown>>()
  readonly #logger: Logger

  constructor(api: Pick<ConversationApi, 'execute'>, tuning: Tuning, logger: Logger) {
    this.#logger = logger
    const call = (commands: Command[]) => api.execute(commands)
    const common = { call, max_items: commandsPerRequest, max_waiting: tuning.commands_waiting }
    this.#sends = new Batcher({ ...common, calls_in_flight: tuning.send_calls })
    this.#mutations = new Batcher({ ...common, calls_in_flight: tuning.mutation_calls })
  }

  /** Every command was answered. */
  get idle(): boolean {
    return this.#before.size === 0 && this.#sends.idle
  }

  /** Never rejects: a failure is a result, `unavailable` where nobody knows whether the command was carried out. */
  async execute(order: number, command: Command): Promise<CommandResult> {
    try {
      return await (command.frame.type === 'send' ? this.#sends.add(command, order) : this.#mutate(command))
    } catch (error) {
      if (error instanceof ProblemError) return { ok: false, code: error.code, extras: error.extras }
      this.#logger.warn({ err: error }, 'commands failed')
      return { ok: false, code: 'unavailable', extras: { retry_after_ms: 1_000 } }
    }
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
