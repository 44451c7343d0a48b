import type { Socket } from 'node:net'
import type { Conditions } from './conditions.ts'

/** Bytes held back before the source is made to wait. */
const HELD_MAX = 1024 * 1024

interface Chunk {
  /** Null is the source's end. */
  bytes: Buffer | null
  due: number
}

/** One direction of one connection: what comes from `source` goes to `sink`, as the conditions of the moment let it. */
export class Flow {
  readonly #source: Socket
  readonly #sink: Socket
  readonly #conditions: () => Conditions
  readonly #random: () => number
  #queue: Chunk[] = []
  #held = 0
  #free_at = 0
  #timer: NodeJS.Timeout | undefined
  #blocked = false

  constructor(source: Socket, sink: Socket, conditions: () => Conditions, random: () => number) {
    this.#source = source
    this.#sink = sink
    this.#conditions = conditions
    this.#random = random
    source.on('data', (bytes: Buffer) => this.#take(bytes))
    source.once('end', () => this.#take(null))
    sink.on('drain', () => {
      this.#blocked = false
      this.pump()
    })
  }

  #take(bytes: Buffer | null): void {
    const { delay_ms = 0 } = this.#conditions()
    this.#queue.push({ bytes, due: performance.now() + delay_ms })
    this.#held += bytes?.length ?? 0
    if (this.#held > HELD_MAX) this.#source.pause()
    this.pump()
  }

  /** Sends what may go now. Called again whenever the conditions change. */
  pump(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (!this.#blocked && !this.#sink.destroyed) {
      const { blackhole, bytes_per_second } = this.#conditions()
      const [chunk] = this.#queue
      if (!chunk || blackhole) return
      const wait = Math.max(chunk.due, this.#free_at) - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.pump(), wait)
        return
      }
      this.#queue.shift()
      if (bytes_per_second && chunk.bytes)
        this.#free_at = performance.now() + (chunk.bytes.length * 1_000) / bytes_per_second
      this.#forward(chunk.bytes)
    }
  }

  #forward(bytes: Buffer | null): void {
    if (bytes === null) {
      this.#sink.end()
      return
    }
    this.#held -= bytes.length
    if (this.#held <= HELD_MAX) this.#source.resume()
    this.#blocked = !this.#sink.write(this.#spoil(bytes))
  }

  #spoil(bytes: Buffer): Buffer {
    const { corrupt = 0 } = this.#conditions()
    if (corrupt === 0) return bytes
    const spoilt = Buffer.from(bytes)
    for (let n = 0; n < spoilt.length; n++) {
      if (this.#random() < corrupt) spoilt[n] = (spoilt[n] ?? 0) ^ (1 << Math.floor(this.#random() * 8))
    }
    return spoilt
  }

  /** Whatever is held is lost. */
  close(): void {
    clearTimeout(this.#timer)
    this.#queue = []
  }
}
