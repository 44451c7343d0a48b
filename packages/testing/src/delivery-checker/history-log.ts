import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { HistoryRecord, Received } from './history.ts'

type Unstamped<R> = R extends HistoryRecord ? Omit<R, 'at'> : never

/**
 * Collects a run's records, stamped by one monotonic clock, and writes them to a file as they come where one is named. What many
 * records name, an id or a text, is held once: half a million records of ten readers fit into some hundred megabytes.
 *
 * @example
 * const log = new HistoryLog('/tmp/run.jsonl')
 * log.record({ type: 'mark', name: 'healed' })
 * await log.close()
 */
export class HistoryLog {
  readonly records: HistoryRecord[] = []
  readonly #file: WriteStream | undefined
  #lines: string[] = []
  #operations = 0
  #sockets = 0
  readonly #strings = new Map<string, string>()

  constructor(path?: string) {
    this.#file = path === undefined ? undefined : createWriteStream(path)
  }

  now(): number {
    return Math.round(performance.now() * 1_000) / 1_000
  }

  record(record: Unstamped<HistoryRecord>): number {
    const at = this.now()
    const stamped = { at, ...record } as HistoryRecord
    if (stamped.type === 'received') this.#shareStrings(stamped)
    this.records.push(stamped)
    if (this.#file) this.#write(stamped)
    return at
  }

  /** Every reader's frame comes with strings of its own. */
  #shareStrings(frame: Received): void {
    frame.frame = this.#shared(frame.frame)
    if (frame.conversation !== undefined) frame.conversation = this.#shared(frame.conversation)
    if (frame.subject !== undefined) frame.subject = this.#shared(frame.subject)
    if (frame.user !== undefined) frame.user = this.#shared(frame.user)
    if (typeof frame.body === 'string') frame.body = this.#shared(frame.body)
  }

  #shared(text: string): string {
    const known = this.#strings.get(text)
    if (known === undefined) this.#strings.set(text, text)
    return known ?? text
  }

  nextOperation(): number {
    return ++this.#operations
  }

  nextSocket(): number {
    return ++this.#sockets
  }

  #write(record: HistoryRecord): void {
    if (this.#lines.push(JSON.stringify(record)) >= 1_000) this.#flush()
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#file?.write(`${this.#lines.join('\n')}\n`)
    this.#lines = []
  }

  async close(): Promise<void> {
    if (!this.#file) return
    this.#flush()
    this.#file.end()
    await finished(this.#file)
  }
}

/** Reads back what a {@link HistoryLog} wrote. */
export async function readHistory(path: string): Promise<HistoryRecord[]> {
  const records: HistoryRecord[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line !== '') records.push(JSON.parse(line) as HistoryRecord)
  }
  return records
}
