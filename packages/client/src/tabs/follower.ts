import type { User } from '@parley/contracts'
import type { OutgoingFrame, Transport, TransportEvents, WireFrame } from '../connection/transport.ts'
import type { Rest } from '../rest/rest.ts'
import type { Head, Word } from './channel.ts'

/** The channel's word for a `Follower`: `welcome` of the leader, as an answer to its hello. */
export type Welcome = Extract<Word, { kind: 'welcome' }>

/**
 * Another tab's connection: frames come over the channel, what is asked goes there. What this tab has missed it reads from the
 * change feed by itself; the client's rule makes one line of both.
 */
export class Follower implements Transport {
  readonly kind = 'tab'
  readonly duplex = true
  readonly user: User
  readonly #tab: string
  readonly #channel: BroadcastChannel
  readonly #rest: Rest
  readonly #events: TransportEvents
  readonly #leader: string
  readonly #heads: Record<string, Head>
  #open = true

  constructor(
    parts: { tab: string; channel: BroadcastChannel; rest: Rest },
    events: TransportEvents,
    welcome: Welcome
  ) {
    this.#tab = parts.tab
    this.#channel = parts.channel
    this.#rest = parts.rest
    this.#events = events
    this.#leader = welcome.tab
    this.#heads = welcome.heads
    this.user = welcome.user
    this.#channel.addEventListener('message', this.#hear)
  }

  send(frame: OutgoingFrame): void {
    if (frame.type === 'subscribe')
      void this.#guard(this.#catchUp(frame.conversation_id, frame.since, frame.ref))
    else if (frame.type === 'subscribe_all') void this.#guard(this.#follow(frame.cursors ?? {}, frame.ref))
    // The other tabs may still want it.
    else if (frame.type !== 'unsubscribe')
      this.#channel.postMessage({ kind: 'say', tab: this.#tab, frame } satisfies Word)
  }

  /** Whether the other tab is there the lock tells. */
  probe(): void {}

  close(): void {
    this.#open = false
    this.#channel.removeEventListener('message', this.#hear)
  }

  /** The leader is gone, or has no connection. */
  end(): void {
    if (!this.#open) return
    this.close()
    this.#events.closed(1006)
  }

  readonly #hear = ({ data }: MessageEvent<Word>): void => {
    if (data.kind === 'up' || (data.kind === 'down' && data.tab === this.#leader)) return this.end()
    if (data.tab !== this.#leader) return
    if (data.kind === 'frame' || (data.kind === 'answer' && data.to === this.#tab))
      this.#events.frame(data.frame)
  }

  async #follow(cursors: Readonly<Record<string, number>>, ref: string | undefined): Promise<void> {
    for (const id of Object.keys(cursors)) {
      if (!this.#heads[id])
        this.#tell({ type: 'error', conversation_id: id, code: 'not_found', title: '', temporary: false })
    }
    for (const [conversation_id, at] of Object.entries(this.#heads)) {
      const since = cursors[conversation_id]
      if (since !== undefined && since < at.head) await this.#catchUp(conversation_id, since, undefined)
      else this.#tell({ type: 'subscribed', conversation_id, since: at.head, ...at })
    }
    this.#tell({
      type: 'subscribed_all',
      count: Object.keys(this.#heads).length,
      ...(ref === undefined ? {} : { ref })
    })
  }

  async #catchUp(conversation_id: string, since: number | undefined, ref: string | undefined): Promise<void> {
    const {
      head: now,
      role,
      read_seq
    } = await this.#rest('GET conversations/{conversation_id}/', { conversation_id })
    const begin = since ?? now
    let head = begin
    for (let from = begin; since !== undefined; ) {
      const route = 'GET conversations/{conversation_id}/changes/'
      const page = await this.#rest(route, { conversation_id, since: from, limit: 1_000 })
      for (const frame of page.items) this.#tell(frame as unknown as WireFrame)
      head = page.next_since
      if (page.next_since >= page.head || page.items.length === 0) break
      from = page.next_since
    }
    const answer = { type: 'subscribed', conversation_id, since: begin, head, role, read_seq }
    this.#tell(ref === undefined ? answer : { ...answer, ref })
  }

  #tell(frame: WireFrame): void {
    if (this.#open) this.#events.frame(frame)
  }

  /** What cannot be read now is read over the next connection. */
  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch {
      this.end()
    }
  }
}
