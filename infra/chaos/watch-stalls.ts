import type { HistoryLog } from '@parley/testing'

const EVERY_MS = 50
const WORTH_TELLING_MS = 200

/** Notes where this process, which is also the clients, stood still: a busy machine's doing. Returns how to end it. */
export function watchStalls(log: HistoryLog): () => void {
  let last = log.now()
  const timer = setInterval(() => {
    const now = log.now()
    const ms = now - last
    last = now
    if (ms > WORTH_TELLING_MS) log.record({ type: 'stalled', ms })
  }, EVERY_MS)
  return () => clearInterval(timer)
}
