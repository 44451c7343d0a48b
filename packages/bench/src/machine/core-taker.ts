import process from 'node:process'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

export interface CoreUse {
  /** CPU time of each bout, in milliseconds. */
  busy_ms: number
  /** From the beginning of a bout to that of the next, in milliseconds. */
  every_ms: number
}

/**
 * Computes in bouts and does nothing else, as any other program on the machine would: what this costs the others is the price of
 * the cores, not of what was done on them.
 *
 * @example
 * await using other = takeCore({ busy_ms: 30, every_ms: 333 })
 */
export function takeCore(use: CoreUse): AsyncDisposable {
  const worker = new Worker(new URL(import.meta.url), { workerData: use })
  return {
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    }
  }
}

function compute({ busy_ms, every_ms }: CoreUse): never {
  const idle = new Int32Array(new SharedArrayBuffer(4))
  for (let next = performance.now(); ; next += every_ms) {
    Atomics.wait(idle, 0, 0, Math.max(0, next - performance.now()))
    const before = process.threadCpuUsage()
    while (process.threadCpuUsage(before).user < 1_000 * busy_ms);
  }
}

if (!isMainThread) compute(workerData as CoreUse)
