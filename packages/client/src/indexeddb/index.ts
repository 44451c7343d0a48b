import type { OutboxEntry } from '../outbox/outbox.ts'
import type { OutboxStorage } from '../outbox/outbox-storage.ts'

const ENTRIES = 'entries'

/**
 * Keeps unsent messages in the browser's IndexedDB, over reloads and restarts, in the order they were said.
 *
 * @example
 * const parley = createClient({ storage: indexedDbStorage() })
 */
export function indexedDbStorage(name = 'parley-outbox'): OutboxStorage {
  let database: Promise<IDBDatabase> | undefined

  async function write(change: (entries: IDBObjectStore) => Promise<unknown>): Promise<void> {
    const transaction = (await (database ??= open(name))).transaction(ENTRIES, 'readwrite')
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
    })
    await change(transaction.objectStore(ENTRIES))
    await done
  }

  return {
    async load() {
      const transaction = (await (database ??= open(name))).transaction(ENTRIES)
      return await answer<OutboxEntry[]>(transaction.objectStore(ENTRIES).getAll())
    },
    put: (entry) =>
      write(async (entries) => {
        const key = await answer(entries.index('client_id').getKey(entry.client_id))
        await answer(key === undefined ? entries.add(entry) : entries.put(entry, key))
      }),
    remove: (client_id) =>
      write(async (entries) => {
        const key = await answer(entries.index('client_id').getKey(client_id))
        if (key !== undefined) await answer(entries.delete(key))
      })
  }
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    // Keys ascend: all entries come back in the order they were first put.
    const entries = request.result.createObjectStore(ENTRIES, { autoIncrement: true })
    entries.createIndex('client_id', 'client_id', { unique: true })
  }
  return await answer(request)
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'))
  })
}
