import type { WireFrame } from './describe-frame.ts'
import { type Refusal, RoomReader } from './room-reader.ts'

const OPEN_MS = 5_000
/** A comment comes every 25 s. */
const SILENCE_MS = 55_000

/** A room by `text/event-stream`, resumed with `Last-Event-ID`. */
export class StreamClient extends RoomReader {
  protected async read(cut: AbortSignal): Promise<Refusal> {
    const asked_at = this.options.log.now()
    const ending = new AbortController()
    let timer = setTimeout(() => ending.abort(), OPEN_MS)
    const headers = {
      ...this.authorization,
      accept: 'text/event-stream',
      'last-event-id': String(this.cursor)
    }
    try {
      const response = await fetch(this.url, { headers, signal: AbortSignal.any([cut, ending.signal]) })
      if (!response.ok || !response.body) {
        await response.body?.cancel()
        return response.status
      }
      this.opened(asked_at)
      let text = ''
      const decoder = new TextDecoder()
      for await (const bytes of response.body) {
        await this.whenReading()
        clearTimeout(timer)
        timer = setTimeout(() => ending.abort(), SILENCE_MS)
        const events = (text + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n\n')
        text = events.pop() ?? ''
        if (!events.every((event) => this.#event(event))) ending.abort()
      }
      this.ended(4000)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  #event(event: string): boolean {
    const data = event.split('\n').filter((line) => line.startsWith('data:'))
    if (data.length === 0) return true
    return this.take(JSON.parse(data.map((line) => line.slice(5)).join('\n')) as WireFrame)
  }
}
