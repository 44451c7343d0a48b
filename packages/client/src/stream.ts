import type { Off } from './emitter.ts'

/**
 * What a source pushes, as an async iterator. It listens from this call on, not from the first `next`, so nothing falls between;
 * what is not read yet waits in memory. It ends with `break`, with the signal, or when the source does.
 */
export function streamOf<T>(
  start: (push: (value: T) => void, end: () => void) => Off,
  signal?: AbortSignal
): AsyncIterableIterator<T> {
  const waiting: T[] = []
  let ended = signal?.aborted ?? false
  let wake: (() => void) | undefined
  const end = () => {
    ended = true
    off?.()
    signal?.removeEventListener('abort', end)
    wake?.()
  }
  const push = (value: T) => {
    if (ended) return
    waiting.push(value)
    wake?.()
  }
  const off = ended ? undefined : start(push, end)
  signal?.addEventListener('abort', end)

  async function* read(): AsyncGenerator<T, void> {
    try {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as T
        if (ended) return
        await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      end()
    }
  }
  return read()
}
