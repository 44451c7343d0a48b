import type { OutboxEntry } from './outbox.ts'

/** Where unsent messages are kept. Calls come one after another; a rejection is reported and costs only what was to be kept. */
export interface OutboxStorage {
  /** All entries, in the order they were first put. */
  load(): Promise<OutboxEntry[]>
  put(entry: OutboxEntry): Promise<void>
  remove(client_id: string): Promise<void>
}

/** Forgets everything with the page or process. */
export function memoryStorage(): OutboxStorage {
  return { load: async () => [], put: async () => undefined, remove: async () => undefined }
}
