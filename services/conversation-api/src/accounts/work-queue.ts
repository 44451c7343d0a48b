import { ProblemError } from '@parley/contracts'

/** Runs work when it is its turn; throws `rate_limited` when the line is full. */
export type WorkQueue = <T>(work: () => Promise<T>) => Promise<T>

/**
 * At most `concurrency` at a time and `waiting` in line. Example:
 * `const queue = createWorkQueue({ concurrency: 2, waiting: 32 }); await queue(() => hash(password))`
 */
export function createWorkQueue({
  concurrency,
  waiting
}: {
  concurrency: number
  waiting: number
}): WorkQueue {
  const line: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < concurrency) running++
    else if (line.length < waiting) await new Promise<void>((resolve) => line.push(resolve))
    else throw new ProblemError('rate_limited', { retry_after_ms: 1_000 })
    try {
      return await work()
    } finally {
      // Whoever is next takes over this turn; it is not given back in between.
      const next = line.shift()
      if (next) next()
      else running--
    }
  }
}
