import { wordsFor } from './close-code.ts'
import { whyRefused } from './requests.ts'

export const dialects = ['content', 'body', 'parley.v1'] as const
/** `content` and `body`: as the clients of the two old systems write a message. */
export type Dialect = (typeof dialects)[number]

export interface Line {
  n: number
  at: Date
  way: 'in' | 'out' | 'note'
  text: string
}

export interface Trial {
  status: 'closed' | 'connecting' | 'open'
  lines: readonly Line[]
}

export interface Wish {
  conversation_id: string
  dialect: Dialect
  /** Replays what came after it; nothing is replayed without. */
  since?: string
}

const KEPT = 1_000

/** One socket at a time, with everything that went over it. */
export class SocketTrial {
  #now: Trial = { status: 'closed', lines: [] }
  #socket: WebSocket | undefined
  #dialect: Dialect = 'content'
  #conversation_id = ''
  #count = 0
  readonly #changed: (now: Trial) => void

  constructor(changed: (now: Trial) => void) {
    this.#changed = changed
  }

  connect({ conversation_id, dialect, since }: Wish): void {
    this.#socket?.close(1000)
    this.#dialect = dialect
    this.#conversation_id = conversation_id
    const url = new URL(`/ws/chat/${encodeURIComponent(conversation_id)}/`, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    if (since) url.searchParams.set('since', since)
    const socket = new WebSocket(url, dialect === 'parley.v1' ? ['parley.v1'] : [])
    this.#socket = socket
    this.#note('connecting', `Connecting to ${url}${dialect === 'parley.v1' ? ' as parley.v1' : ''}`)
    socket.addEventListener('open', () => this.#note('open', 'Open'))
    socket.addEventListener('message', ({ data }) => this.#add('in', String(data)))
    socket.addEventListener('close', (event) => this.#closed(socket, event))
  }

  disconnect(): void {
    this.#socket?.close(1000)
  }

  /** A text in the dialect's own frame. */
  say(text: string): void {
    const conversation_id = this.#conversation_id
    const frames: Record<Dialect, object> = {
      content: { content: text },
      body: { body: text },
      'parley.v1': {
        type: 'send',
        ref: this.#count,
        conversation_id,
        client_id: `test-${Date.now()}-${this.#count}`,
        body: text
      }
    }
    this.sendRaw(JSON.stringify(frames[this.#dialect]))
  }

  /** Anything, also what is wrong. */
  sendRaw(text: string): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    this.#socket.send(text)
    this.#add('out', text)
  }

  clear(): void {
    this.#set({ lines: [] })
  }

  async #closed(socket: WebSocket, { code, reason }: CloseEvent): Promise<void> {
    const current = socket === this.#socket
    const opened = !current || this.#now.status === 'open'
    const said = reason === '' ? '' : ` (“${reason}”)`
    this.#note(
      current ? 'closed' : this.#now.status,
      `Closed with ${code}${said}: ${wordsFor(code)}.${opened ? '' : ` ${await whyRefused(this.#conversation_id)}`}`
    )
  }

  #note(status: Trial['status'], text: string): void {
    this.#set({ status })
    this.#add('note', text)
  }

  #add(way: Line['way'], text: string): void {
    const line = { n: this.#count++, at: new Date(), way, text }
    this.#set({ lines: [...this.#now.lines.slice(1 - KEPT), line] })
  }

  #set(change: Partial<Trial>): void {
    this.#now = { ...this.#now, ...change }
    this.#changed(this.#now)
  }
}
