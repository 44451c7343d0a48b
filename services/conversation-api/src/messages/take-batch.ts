import { hasFiles, type SendWithFiles } from '../attachments/message-files-store.ts'

/** What of a send decides whether it repeats another. */
interface Keyed {
  send: SendWithFiles
}

const BATCH = 256

/**
 * Takes the next batch off the front of `waiting`; a send with files is one by itself. A send that repeats one in the batch stays for the next, where it meets it as
 * stored: the statement need not look for repeats among its own items.
 */
export function takeBatch<T extends Keyed>(waiting: T[]): T[] {
  const taken = waiting.splice(0, BATCH)
  const with_files = taken.findIndex(({ send }) => hasFiles(send))
  if (with_files >= 0) waiting.unshift(...taken.splice(Math.max(1, with_files)))
  const keys = new Set<string>()
  const repeats = new Set<T>()
  for (const one of taken) {
    const { client_id, conversation_id, user } = one.send
    if (client_id === undefined) continue
    const key = `${client_id} ${user.id} ${conversation_id}`
    if (keys.has(key)) repeats.add(one)
    else keys.add(key)
  }
  if (repeats.size === 0) return taken
  waiting.unshift(...repeats)
  return taken.filter((one) => !repeats.has(one))
}
