import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { listeningPorts } from './listening-ports.ts'
import { cpuProfileSummary, type CpuProfile } from './cpu-profile.ts'

const OPEN_MS = 5_000

export interface NodeMemory {
  rss: number
  heap_used: number
  /** Where new objects are made: it grows with the allocation rate, not with what is kept. */
  new_space: number
  external: number
}

/** Environment that lets several Node processes be looked into later, each at a free port. */
export const inspectable = { NODE_OPTIONS: '--inspect-port=0' }

/** Where processes that were looked into before still listen. */
const opened = new Map<number, number>()

/**
 * Looks into a Node process that runs: opens its inspector with SIGUSR1. The process must have been started with
 * {@link inspectable}.
 *
 * @example
 * await using inspector = await Inspector.open(gateway.pid)
 * const { rss } = await inspector.memory()
 */
export class Inspector implements AsyncDisposable {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (reply: { result?: unknown; error?: unknown }) => void>()
  #next = 0

  static async open(pid: number): Promise<Inspector> {
    const port = opened.get(pid) ?? (await openPort(pid))
    opened.set(pid, port)
    const reply = await fetch(`http://127.0.0.1:${port}/json/list`)
    const [target] = (await reply.json()) as { webSocketDebuggerUrl: string }[]
    if (!target) throw new Error(`process ${pid} shows nothing to look into`)
    return Inspector.#connect(target.webSocketDebuggerUrl)
  }

  static async #connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url, { maxPayload: 1024 ** 3 })
    await once(socket, 'open')
    return new Inspector(socket)
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as { id?: number; result?: unknown; error?: unknown }
      if (reply.id === undefined) return
      this.#waiting.get(reply.id)?.(reply)
      this.#waiting.delete(reply.id)
    })
    socket.on('close', () => {
      for (const settle of this.#waiting.values()) settle({ error: 'the inspector was closed' })
    })
  }

  /** After a full collection of garbage. */
  async memory(): Promise<NodeMemory> {
    await this.#call('HeapProfiler.collectGarbage')
    const expression = `(() => {
      const { rss, heapUsed: heap_used, external } = process.memoryUsage()
      const spaces = process.getBuiltinModule('node:v8').getHeapSpaceStatistics()
      const new_space = spaces.find(({ space_name }) => space_name === 'new_space').physical_space_size
      return { rss, heap_used, external, new_space }
    })()`
    const { result } = (await this.#call('Runtime.evaluate', { expression, returnByValue: true })) as {
      result: { value: NodeMemory }
    }
    return result.value
  }

  /** The functions with the most time of their own while `work` is done. */
  async profile(work: () => Promise<unknown>): Promise<ReturnType<typeof cpuProfileSummary>> {
    await this.#call('Profiler.enable')
    await this.#call('Profiler.start')
    await work()
    const { profile } = (await this.#call('Profiler.stop')) as { profile: CpuProfile }
    return cpuProfileSummary(profile)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #call(method: string, params: object = {}): Promise<unknown> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${JSON.stringify(error)}`))
      })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }
}

/** The port that a process begins to listen on when it is asked to open its inspector. */
async function openPort(pid: number): Promise<number> {
  const before = listeningPorts(pid)
  process.kill(pid, 'SIGUSR1')
  for (const deadline = performance.now() + OPEN_MS; performance.now() < deadline; await delay(20)) {
    const port = [...listeningPorts(pid)].find((one) => !before.has(one))
    if (port !== undefined) return port
  }
  throw new Error(`process ${pid} did not open its inspector`)
}
