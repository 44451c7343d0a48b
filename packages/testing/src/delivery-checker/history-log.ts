import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { HistoryRecord } from './history.ts'

type Unstamped<R> = R extends HistoryRecord ? Omit<R, 'at'> : never

/**
 * Collects a run's records, stamped by one monotonic clock, and writes them to a file as they come where one is named.
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

  constructor(path?: string) {
    this.#file = path === undefined ? undefined : createWriteStream(path)
  }

  now(): number {
    return Math.round(performance.now() * 1_000) / 1_000
  }

  record(record: Unstamped<HistoryRecord>): number {
    const at = this.now()
    const stamped = { at, ...record } as HistoryRecord
    this.records.push(stamped)
    if (this.#file) this.#write(stamped)
    return at
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
