import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { LoadReply, LoadRequest } from './load-main.ts'
import type { ConnectPlan, ConnectReport, RunPlan, RunReport } from './load-plan.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/**
 * The load client, in a process of its own.
 *
 * @example
 * await using load = LoadClient.start()
 * await load.connect({ dialect: 'plain', ports: [port], members })
 * const report = await load.run({ kind: 'open', rate: 100, seconds: 5, body_length: 100 })
 */
export class LoadClient implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #next = 0

  static start(): LoadClient {
    return new LoadClient(
      fork(join(import.meta.dirname, 'load-main.ts'), {
        serialization: 'advanced',
        // A session of its own, so that it can yield; it ends with the channel.
        detached: true,
        execArgv: ['--max-semi-space-size=32']
      })
    )
  }

  /** It takes only the CPU that nobody else wants: for receivers whose own figures are not looked at. */
  yieldToOthers(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    setPriority(pid, constants.priority.PRIORITY_LOW)
    // Between sessions only their groups' niceness counts, where the kernel has such groups: sched(7).
    const group = `/proc/${pid}/autogroup`
    if (existsSync(group)) writeFileSync(group, String(constants.priority.PRIORITY_LOW))
  }

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (reply: LoadReply) => this.#settle(reply))
    child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the load client ended'))
    })
  }

  connect(connect: ConnectPlan): Promise<ConnectReport> {
    return this.#ask({ connect }) as Promise<ConnectReport>
  }

  run(run: RunPlan): Promise<RunReport> {
    return this.#ask({ run }) as Promise<RunReport>
  }

  async closeSockets(): Promise<void> {
    await this.#ask({ close: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  #ask(call: LoadRequest['call']): Promise<unknown> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, call } satisfies LoadRequest)
    })
  }

  #settle({ id, result, error }: LoadReply): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  }
}
