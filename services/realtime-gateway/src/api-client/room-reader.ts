import type { ConversationApi, Id, RoomPage, RoomRead } from '@parley/contracts'
import type { Tuning } from '../tuning.ts'
import { Batcher } from './batcher.ts'

interface SharedRead {
  read: RoomRead
  page: Promise<RoomPage>
}

/**
 * Room reads of one turn in one call. Questions about one room's head and membership that wait together are one question: a
 * thousand clients who come back at once cost one.
 */
export class RoomReader {
  readonly #batcher: Batcher<RoomRead, RoomPage>
  readonly #shared = new Map<Id, SharedRead>()

  constructor(api: Pick<ConversationApi, 'readRooms'>, tuning: Tuning) {
    this.#batcher = new Batcher({
      call: (reads) => {
        for (const { conversation_id } of reads) this.#shared.delete(conversation_id)
        return api.readRooms(reads)
      },
      max_items: tuning.reads_per_call,
      calls_in_flight: tuning.read_calls,
      max_waiting: Number.POSITIVE_INFINITY
    })
  }

  read(read: RoomRead): Promise<RoomPage> {
    if (read.since !== null) return this.#batcher.add(read)
    const waiting = this.#shared.get(read.conversation_id)
    if (waiting) {
      waiting.read.users.push(...read.users)
      return waiting.page
    }
    const own = { ...read, users: [...read.users] }
    const shared = { read: own, page: this.#batcher.add(own) }
    this.#shared.set(read.conversation_id, shared)
    return shared.page
  }
}
