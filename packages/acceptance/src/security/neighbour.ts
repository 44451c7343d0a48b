import { setTimeout as delay } from 'node:timers/promises'
import { makeRoom } from '../conversations.ts'
import { signUp } from '../person.ts'

export interface NeighbourFigures {
  /** Messages that were sent, acknowledged and delivered, each once and in order. */
  messages: number
  /** From sending to delivery. */
  worst_ms: number
}

const EVERY_MS = 50
const PATIENCE_MS = 30_000

/**
 * Two people who talk while something else goes on. `stop()` rejects where a message was lost, doubled or out of order.
 *
 * @example
 * const neighbours = await startNeighbours(url)
 * await neighbours.stop() // { messages: 120, worst_ms: 14 }
 */
export async function startNeighbours(url: string): Promise<{ stop(): Promise<NeighbourFigures> }> {
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const conversation_id = await makeRoom(ann, ben)
  const protocol = 'parley.v1'
  const [talks, listens] = await Promise.all([
    ann.connect('/ws/', { protocol }),
    ben.connect('/ws/', { protocol })
  ])
  listens.send({ type: 'subscribe', conversation_id })
  await listens.next(({ type }) => type === 'subscribed')
  const stopping = new AbortController()
  const talking = talk()
  // Whoever calls stop() hears of it.
  talking.catch(() => undefined)
  return {
    async stop() {
      stopping.abort()
      const figures = await talking
      await Promise.all([talks.close(), listens.close()])
      return figures
    }
  }

  async function talk(): Promise<NeighbourFigures> {
    const figures: NeighbourFigures = { messages: 0, worst_ms: 0 }
    let cursor: unknown
    while (!stopping.signal.aborted) {
      const ref = ++figures.messages
      const begin = performance.now()
      talks.send({ type: 'send', conversation_id, client_id: `message-${ref}`, body: `message ${ref}`, ref })
      const [ack, frame] = await Promise.all([
        talks.next((one) => one.ref === ref, PATIENCE_MS),
        listens.next(({ type }) => type === 'message', PATIENCE_MS)
      ])
      const body = (frame.message as { body?: string }).body
      if (ack.type !== 'ack' || body !== `message ${ref}` || (cursor !== undefined && frame.prev !== cursor))
        throw new Error(
          `message ${ref}: ${JSON.stringify(ack)} and ${JSON.stringify(frame)} after ${String(cursor)}`
        )
      cursor = frame.seq
      figures.worst_ms = Math.max(figures.worst_ms, performance.now() - begin)
      await delay(EVERY_MS)
    }
    return figures
  }
}
