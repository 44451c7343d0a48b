import type { ServerFrames } from '@parley/contracts'
import type { OpenTransport, OutgoingFrame, Transport, WireFrame } from '../connection/transport.ts'
import { isDurable } from '../lines/lines.ts'
import type { Head, Word } from './channel.ts'

/** Answers that are nobody's but the one's who asked. */
const inward = new Set(['welcome', 'subscribed', 'subscribed_all', 'ack', 'error', 'lagging', 'move'])

/** Holds the connection and lets the other tabs have what comes over it. */
export class Leader {
  readonly #tab: string
  readonly #channel: BroadcastChannel
  readonly #open: OpenTransport
  readonly #resigned: () => void
  readonly #heads = new Map<string, Head>()
  /** By their refs, what was said to have been read: the server tells other connections, and here one is that of several tabs. */
  readonly #reads = new Map<string, WireFrame>()
  #transport: Transport | undefined

  /** `open`: a connection. `resigned`: this tab leads no more. */
  constructor(tab: string, channel: BroadcastChannel, open: OpenTransport, resigned: () => void) {
    this.#tab = tab
    this.#channel = channel
    this.#open = open
    this.#resigned = resigned
    channel.addEventListener('message', this.#listen)
  }

  /** Opens the connection for all. */
  readonly open: OpenTransport = async (events, opening) => {
    const transport = await this.#open(
      {
        frame: (frame) => {
          if (!this.#route(frame)) events.frame(frame)
          const read = this.#readBy(frame)
          if (!read) return
          this.#say({ kind: 'frame', tab: this.#tab, frame: read })
          events.frame(read)
        },
        closed: (code) => {
          if (this.#transport === transport) this.#down()
          events.closed(code)
        }
      },
      opening
    )
    this.#transport = transport
    this.#say({ kind: 'up', tab: this.#tab })
    return {
      kind: transport.kind,
      duplex: transport.duplex,
      user: transport.user,
      send: (frame) => this.#send(frame, transport),
      probe: () => transport.probe(),
      close: () => {
        transport.close()
        if (this.#transport === transport) this.#down()
      }
    }
  }

  readonly #listen = ({ data }: MessageEvent<Word>): void => this.#hear(data)

  /** Whoever else wants a connection is to lead. */
  resign(): void {
    this.#channel.removeEventListener('message', this.#listen)
    this.#resigned()
  }

  #down(): void {
    this.#transport = undefined
    this.#reads.clear()
    this.#say({ kind: 'down', tab: this.#tab })
  }

  /** True where it answers another tab, and is none of this one's business. */
  #route(frame: WireFrame): boolean {
    this.#note(frame)
    const [to, ref] = String(frame.ref ?? '').split('|')
    if (to && ref !== undefined) {
      this.#say({ kind: 'answer', tab: this.#tab, to, frame: { ...frame, ref } })
      return true
    }
    if (!inward.has(frame.type)) this.#say({ kind: 'frame', tab: this.#tab, frame })
    return false
  }

  #note(frame: WireFrame): void {
    const id = frame.conversation_id
    if (id === undefined) return
    if (frame.type === 'subscribed') {
      const { head, role, read_seq } = frame as unknown as ServerFrames['subscribed']
      this.#heads.set(id, { head: Math.max(head, this.#heads.get(id)?.head ?? 0), role, read_seq })
    } else if (frame.type === 'unsubscribed') this.#heads.delete(id)
    else if (isDurable(frame)) {
      const { head = 0, role = 'member', read_seq = 0 } = this.#heads.get(id) ?? {}
      this.#heads.set(id, { head: Math.max(head, frame.seq), role, read_seq })
    }
  }

  #hear(word: Word): void {
    const { tab } = word
    if (word.kind === 'hello' && this.#transport) {
      const { user } = this.#transport
      this.#say({ kind: 'welcome', tab: this.#tab, to: tab, user, heads: Object.fromEntries(this.#heads) })
    } else if (word.kind === 'hello') this.#say({ kind: 'wait', tab: this.#tab, to: tab })
    else if (word.kind === 'say') {
      const { ref, ...frame } = word.frame
      if (this.#transport) this.#send(ref === undefined ? frame : { ...frame, ref: `${tab}|${ref}` })
    }
  }

  #send(frame: OutgoingFrame, transport = this.#transport): void {
    if (frame.type === 'read' && frame.ref !== undefined) this.#reads.set(frame.ref, frame as WireFrame)
    transport?.send(frame)
  }

  /** What was read, where this frame says that it is done. */
  #readBy({ type, ref }: WireFrame): WireFrame | undefined {
    const read = typeof ref === 'string' ? this.#reads.get(ref) : undefined
    if (!read || !this.#transport) return undefined
    this.#reads.delete(String(ref))
    const { ref: _, ...frame } = read
    return type === 'ack' ? { ...frame, user_id: this.#transport.user.id } : undefined
  }

  #say(word: Word): void {
    this.#channel.postMessage(word)
  }
}
