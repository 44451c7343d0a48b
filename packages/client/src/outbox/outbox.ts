import type { ClientFrames } from '@parley/contracts'
import { NetworkError, ParleyError } from '../errors.ts'
import type { OutboxStorage } from './outbox-storage.ts'

/** What can be said: a text, what it answers, and what else `send` may carry. */
export type Content = Omit<ClientFrames['send'], 'type' | 'ref' | 'conversation_id' | 'client_id'>

export interface OutboxEntry {
  client_id: string
  conversation_id: string
  content: Content
  /** Whose message it is; another user's are kept and not sent. Null until it is known who one is. */
  user_id: string | null
  /** Milliseconds since 1970. */
  queued_at: number
  state: 'queued' | 'sending' | 'sent' | 'failed'
  /** With `failed`: why. */
  error?: { code: string; title: string }
  /** With `sent`. */
  message_id?: string
  seq?: number
}

export interface Sent {
  message_id: string
  seq: number
}

/** A message on its way. `sent` rejects where it is refused or discarded. */
export interface Sending {
  client_id: string
  sent: Promise<Sent>
}

export interface OutboxSetup {
  storage: OutboxStorage
  /** A `client_id` that was never used. */
  newId: () => string
  /** Sends once. A temporary `ParleyError` is tried again. */
  send(entry: OutboxEntry): Promise<Sent>
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>
  changed(entry: OutboxEntry): void
  problem(error: ParleyError): void
}

interface Item {
  entry: OutboxEntry
  sent: PromiseWithResolvers<Sent>
}

/** Refusals after which nothing will ever be stored under the same key (SND-9). */
const final: ReadonlySet<string> = new Set(['not_found', 'idempotency_refused'])

/**
 * Messages that are not known to be stored. Of each conversation one is on its way at a time, in the order they were said; its
 * `client_id` makes every further attempt safe.
 */
export class Outbox {
  readonly #setup: OutboxSetup
  readonly #items = new Map<string, Item>()
  readonly #running = new Set<string>()
  #stored: Promise<void>
  #user_id: string | undefined
  #open = false

  constructor(setup: OutboxSetup) {
    this.#setup = setup
    this.#stored = this.#load()
  }

  /** Resolves when the entries of earlier page loads are there, and everything so far is kept. */
  get stored(): Promise<void> {
    return this.#stored
  }

  /** What is not sent yet, oldest first. */
  entries(conversation_id?: string): OutboxEntry[] {
    const all = [...this.#items.values()].map(({ entry }) => entry)
    return conversation_id === undefined ? all : all.filter((one) => one.conversation_id === conversation_id)
  }

  add(conversation_id: string, content: Content, client_id: string): Sending {
    const user_id = this.#user_id ?? null
    const entry: OutboxEntry = {
      client_id,
      conversation_id,
      content,
      user_id,
      queued_at: Date.now(),
      state: 'queued'
    }
    return this.#queue(entry)
  }

  /**
   * Queues a failed one again, behind what waits in its conversation. Undefined if there is no such. Where the refusal is the last word on
   * its key it goes as another, with a `client_id` of its own, and the old one is discarded.
   */
  retry(client_id: string): Sending | undefined {
    const item = this.#items.get(client_id)
    if (item?.entry.state !== 'failed') return undefined
    const { error, ...entry } = item.entry
    const again = { ...entry, state: 'queued', queued_at: Date.now() } as const
    if (error && final.has(error.code)) {
      this.discard(client_id)
      return this.#queue({ ...again, client_id: this.#setup.newId() })
    }
    this.#items.delete(client_id)
    this.#keep(() => this.#setup.storage.remove(client_id))
    return this.#queue(again)
  }

  /** Takes one out. One that is on its way may have arrived. */
  discard(client_id: string): void {
    const item = this.#items.get(client_id)
    if (!item) return
    this.#remove(item)
    item.sent.reject(new ParleyError({ code: 'discarded' }))
    this.#setup.changed({ ...item.entry, state: 'failed', error: { code: 'discarded', title: 'Discarded' } })
  }

  /** There is a connection, as this user. */
  open(user_id: string): void {
    this.#open = true
    this.#user_id = user_id
    for (const conversation of new Set(this.entries().map((one) => one.conversation_id)))
      void this.#pump(conversation)
  }

  close(): void {
    this.#open = false
  }

  #queue(entry: OutboxEntry): Sending {
    const sent = Promise.withResolvers<Sent>()
    // Whoever shows the entry's state need not look at the promise.
    sent.promise.catch(() => undefined)
    this.#items.set(entry.client_id, { entry, sent })
    this.#keep(() => this.#setup.storage.put(entry))
    this.#setup.changed(entry)
    void this.#pump(entry.conversation_id)
    return { client_id: entry.client_id, sent: sent.promise }
  }

  async #load(): Promise<void> {
    try {
      const earlier = await this.#setup.storage.load()
      const added = [...this.#items]
      this.#items.clear()
      for (const entry of earlier) {
        const sent = Promise.withResolvers<Sent>()
        sent.promise.catch(() => undefined)
        const state = entry.state === 'failed' ? 'failed' : 'queued'
        this.#items.set(entry.client_id, { entry: { ...entry, state }, sent })
        this.#setup.changed({ ...entry, state })
      }
      for (const [client_id, item] of added) this.#items.set(client_id, item)
    } catch (cause) {
      this.#setup.problem(new ParleyError({ code: 'storage', cause }))
    }
    if (this.#open && this.#user_id !== undefined) this.open(this.#user_id)
  }

  async #pump(conversation_id: string): Promise<void> {
    if (this.#running.has(conversation_id)) return
    this.#running.add(conversation_id)
    // What was said in this turn is kept before it goes; what earlier page loads left goes first.
    await this.#stored
    try {
      for (let item = this.#first(conversation_id); item; item = this.#first(conversation_id))
        await this.#try(item)
    } finally {
      this.#running.delete(conversation_id)
    }
  }

  #first(conversation_id: string): Item | undefined {
    if (!this.#open) return undefined
    return [...this.#items.values()].find(
      ({ entry }) =>
        entry.conversation_id === conversation_id &&
        entry.state !== 'failed' &&
        (entry.user_id === null || entry.user_id === this.#user_id)
    )
  }

  async #try(item: Item): Promise<void> {
    this.#change(item, { user_id: this.#user_id ?? null, state: 'sending' })
    try {
      const sent = await this.#setup.send(item.entry)
      if (!this.#has(item)) return
      this.#remove(item)
      item.sent.resolve(sent)
      this.#change(item, { state: 'sent', ...sent })
    } catch (cause) {
      if (!this.#has(item)) return
      const error = cause instanceof ParleyError ? cause : new NetworkError('not sent', cause)
      if (error.temporary) {
        this.#change(item, { state: 'queued' })
        await this.#setup.pause(error.retry_after_ms ?? 0)
      } else this.#fail(item, error)
    }
  }

  #fail(item: Item, error: ParleyError): void {
    this.#change(item, { state: 'failed', error: { code: error.code, title: error.message } })
    this.#keep(() => this.#setup.storage.put(item.entry))
    item.sent.reject(error)
  }

  #change(item: Item, change: Partial<OutboxEntry>): void {
    item.entry = { ...item.entry, ...change }
    this.#setup.changed(item.entry)
  }

  #has({ entry }: Item): boolean {
    return this.#items.has(entry.client_id)
  }

  #remove({ entry }: Item): void {
    this.#items.delete(entry.client_id)
    this.#keep(() => this.#setup.storage.remove(entry.client_id))
  }

  #keep(write: () => Promise<void>): void {
    this.#stored = this.#stored
      .then(write)
      .catch((cause: unknown) => this.#setup.problem(new ParleyError({ code: 'storage', cause })))
  }
}
