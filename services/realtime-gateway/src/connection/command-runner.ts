import type { Command, CommandFrames, CommandResult, CommandType } from '@parley/contracts'
import type { CommandQueue } from '../api-client/command-queue.ts'
import type { GatewayMetrics } from '../gateway-metrics.ts'
import type { Connection } from './connection.ts'
import type { ConnectionRegistry } from './connection-registry.ts'

/** Sends what a client wants changed to the api, within the user's rate, and hands back the result. */
export class CommandRunner {
  readonly #queue: CommandQueue
  readonly #connections: ConnectionRegistry
  readonly #metrics: GatewayMetrics

  constructor(queue: CommandQueue, connections: ConnectionRegistry, metrics: GatewayMetrics) {
    this.#queue = queue
    this.#connections = connections
    this.#metrics = metrics
  }

  /** `answer` is called once, always later than this returns. */
  run(
    connection: Connection,
    frame: CommandFrames[CommandType],
    answer: (result: CommandResult) => void
  ): void {
    const { user, session_id } = connection
    void this.#execute(connection, { user, session_id, frame: withoutRef(frame) } as Command).then(
      (result) => {
        this.#metrics.commands.inc({ type: frame.type, result: result.ok ? 'ok' : result.code })
        answer(result)
      }
    )
  }

  async #execute(connection: Connection, command: Command): Promise<CommandResult> {
    const limited = connection.frames !== undefined && command.frame.type !== 'read'
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
