import type { Command, CommandFrames, CommandResult, CommandType } from '@parley/contracts'
import type { Tracing } from '@parley/service-kit'
import type { CommandQueue } from '../api-client/command-queue.ts'
import type { GatewayMetrics } from '../gateway-metrics.ts'
import type { Connection } from './connection.ts'
import type { ConnectionRegistry } from './connection-registry.ts'

/** Sends what a client wants changed to the api, within the user's rate, and hands back the result. */
export class CommandRunner {
  readonly #queue: CommandQueue
  readonly #connections: ConnectionRegistry
  readonly #metrics: GatewayMetrics
  readonly #tracing: Tracing | undefined

  constructor(
    queue: CommandQueue,
    connections: ConnectionRegistry,
    metrics: GatewayMetrics,
    tracing?: Tracing
  ) {
    this.#queue = queue
    this.#connections = connections
    this.#metrics = metrics
    this.#tracing = tracing
  }

  /** `answer` is called once, always later than this returns. */
  run(
    connection: Connection,
    frame: CommandFrames[CommandType],
    answer: (result: CommandResult) => void
  ): void {
    const { user, session_id } = connection
    const about = { 'parley.conversation': frame.conversation_id }
    const step = this.#tracing?.start(`socket ${frame.type}`, about)
    const trace = step && { trace: step.context }
    const command = { user, session_id, ...trace, frame: withoutRef(frame) } as Command
    void this.#execute(connection, command).then((result) => {
      this.#metrics.commands.inc({ type: frame.type, result: result.ok ? 'ok' : result.code })
      step?.end(result.ok ? 'ok' : 'failed')
      answer(result)
    })
  }

  async #execute(connection: Connection, command: Command): Promise<CommandResult> {
    const limited = connection.rate_limits && command.frame.type !== 'read'
    const wait = limited ? this.#connections.takeSend(connection.user.id) : 0
    if (wait > 0) return { ok: false, code: 'rate_limited', extras: { retry_after_ms: wait } }
    return this.#queue.execute(connection.number, command)
  }
}

function withoutRef(frame: CommandFrames[CommandType]): Omit<CommandFrames[CommandType], 'ref'> {
  if (!('ref' in frame)) return frame
  const { ref: _, ...rest } = frame
  return rest
}
