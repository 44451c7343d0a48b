import type { WireFrame } from './describe-frame.ts'
import { type Refusal, RoomReader } from './room-reader.ts'

const WAIT_S = 3
const PATIENCE_MS = 10_000

interface Page {
  items: WireFrame[]
  head: number
  next_since: number
}

/** A room by long-polling: all polls of one stretch are recorded as one socket. */
export class PollClient extends RoomReader {
  protected async read(cut: AbortSignal): Promise<Refusal> {
    for (;;) {
      await this.whenReading()
      const asked_at = this.options.log.now()
      const response = await fetch(`${this.url}?wait=${WAIT_S}&since=${this.cursor}`, {
        headers: { ...this.authorization, accept: 'application/json' },
        signal: AbortSignal.any([cut, AbortSignal.timeout(PATIENCE_MS)])
      })
      if (!response.ok) {
        await response.body?.cancel()
        this.ended(response.status === 401 ? 4501 : response.status === 404 ? 4503 : 4000)
        return response.status
      }
      const since = this.cursor
      const { items, next_since } = (await response.json()) as Page
      this.opened(asked_at)
      for (const item of items) this.take(item)
      // What lies between is passed over: the checker looks whether that may be.
      if (next_since !== this.cursor) this.#moveTo(since, next_since)
    }
  }

  #moveTo(since: number, head: number): void {
    const { room } = this.options
    this.take({ type: 'subscribed', conversation_id: room, since, head })
    this.cursors.set(room, Math.max(this.cursor, head))
  }
}
