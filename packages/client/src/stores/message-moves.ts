import type { Message } from '@parley/contracts'
import { type Page, type ReadPage, readSome, readSpan } from './message-pages.ts'
import { later } from './message-states.ts'
import { belongs, type End, grow, type MessageWindow } from './message-window.ts'
import type { Messages } from './messages.ts'
import { withoutArrived } from './outgoing.ts'

export interface MovesSetup {
  read: ReadPage
  isShown(message: Message): boolean
  isMine(message: Message): boolean
  limit: number
  /** How many messages there is room for. */
  room: number
  get(): Messages
  set(change: (before: Messages) => Messages): void
}

export interface Moves {
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  jumpTo(seq: number): Promise<void>
  toNewest(): Promise<void>
  retry(): Promise<void>
  /** Begins anew: around a seq, or at the newest. */
  open(at: number | undefined): Promise<void>
  /** Something was missed: reads again what is shown, and what came after it as far as it hangs together. */
  readAgain(): Promise<void>
  /** Resolves when nothing is being read. */
  whenRead(): Promise<void>
  /** A message that was said just now. */
  hear(now: Messages, message: Message): Messages
}

/** Nobody counts further. */
const BEYOND_MAX = 999

type Place = NonNullable<Messages['reading']>
/** `at`: the seq of another place, or the newest. */
interface Reading {
  reading: Place
  at?: number | 'newest'
  done: Promise<void>
}
type Apply = (now: Messages, pages: readonly Page[]) => MessageWindow

/** Moves a window over a conversation. One thing is read at a time; another place supersedes whatever is being read. */
export function createMoves({ read, isShown, isMine, limit, room, get, set }: MovesSetup): Moves {
  let end: End = 'newer'
  let running: Reading | undefined
  let retry: () => Promise<void> = () => Promise.resolve()
  /** What came while something was being read, and may not be on the page. */
  let heard: Message[] = []
  /** Seqs of what came beyond the window. */
  let beyond: number[] = []

  function show(now: Messages, window: MessageWindow): Messages {
    const last = window.messages.at(-1)?.seq ?? 0
    beyond = window.has_newer ? beyond.filter((seq) => seq > last) : []
    const outgoing = withoutArrived(now.outgoing, window.messages)
    return { ...now, ...window, outgoing, beyond: beyond.length, head: Math.max(now.head, last) }
  }

  function begin(reading: Place, ask: () => Promise<readonly Page[]>, apply: Apply): Promise<void> {
    retry = () => begin(reading, ask, apply)
    heard = []
    set(({ error: _, ...now }) => ({
      ...now,
      reading,
      status: now.messages.length > 0 ? 'ready' : 'loading'
    }))
    const done = ask().then(
      (pages) => settle(({ reading: _, ...now }) => show(readyWith(now, pages), apply(now, pages))),
      (error: unknown) => settle((now) => ({ ...now, status: 'failed', error }))
    )
    const mine: Reading = { reading, done }
    const settle = (change: (now: Messages) => Messages) => {
      if (running !== mine) return
      running = undefined
      set(change)
    }
    running = mine
    return done
  }

  /** Another place; the same one is asked for once. */
  function place(at: number | undefined): Promise<void> {
    const where = at ?? 'newest'
    if (running?.at === where) return running.done
    end = 'newer'
    const done = at === undefined ? newest() : around(at)
    if (running) running.at = where
    return done
  }

  /** At an end, once nothing else is being read. */
  function extend(to: End): Promise<void> {
    if (running) return running.reading === to ? running.done : running.done.then(() => extend(to))
    const { messages, has_older, has_newer } = get()
    const [first, last] = [messages[0], messages.at(-1)]
    if (!first || !last || !(to === 'older' ? has_older : has_newer)) return Promise.resolve()
    end = to
    const edge = to === 'older' ? { before: first.seq } : { after: last.seq }
    return begin(
      to,
      async () => [await readSome(read, { ...edge, limit }, isShown)],
      (now, [page]) => {
        const more = page?.more ?? false
        const items = page?.items ?? []
        if (to === 'older') return grow({ ...now, has_older: more }, items, { end, room })
        return grow({ ...now, has_newer: more }, [...items, ...(more ? [] : heard)], { end, room })
      }
    )
  }

  function newest(): Promise<void> {
    return begin(
      'place',
      async () => [await readSome(read, { limit }, isShown)],
      (_now, [page]) => {
        const window = { messages: page?.items ?? [], has_older: page?.more ?? false, has_newer: false }
        return grow(window, heard, { end, room })
      }
    )
  }

  function around(seq: number): Promise<void> {
    const ask = () =>
      Promise.all([
        readSome(read, { before: seq + 1, limit }, isShown),
        readSome(read, { after: seq, limit }, isShown)
      ])
    return begin('place', ask, (_now, [before, after]) => {
      const messages = [...(before?.items ?? []), ...(after?.items ?? [])]
      const window = { messages, has_older: before?.more ?? false, has_newer: after?.more ?? false }
      return grow(window, window.has_newer ? [] : heard, { end, room })
    })
  }

  return {
    open: place,
    loadOlder: () => extend('older'),
    loadNewer: () => extend('newer'),
    jumpTo: (seq) => (get().messages.some((one) => one.seq === seq) ? Promise.resolve() : place(seq)),
    toNewest: () => (get().has_newer || running?.at !== undefined ? place(undefined) : Promise.resolve()),
    retry: () => retry(),
    readAgain() {
      const { messages } = get()
      const [first, last] = [messages[0], messages.at(-1)]
      if (!first || !last) return get().status === 'failed' ? retry() : place(undefined)
      return begin(
        'place',
        async () => [await readSpan(read, first.seq, last.seq)],
        (now, [page]) => {
          const has_newer = page?.more ?? false
          const items = [...(page?.items ?? []), ...(has_newer ? [] : heard)]
          // Whatever came, what is looked at stays.
          return grow({ ...now, has_newer }, items.filter(isShown), { end: 'older', room })
        }
      )
    },
    whenRead: () => running?.done ?? Promise.resolve(),
    hear(now, message) {
      if (!isShown(message)) return now
      if (running) heard.push(message)
      if (!isMine(message)) beyond = [...beyond.slice(-BEYOND_MAX), message.seq]
      const isHere = now.status !== 'loading' && belongs(now, message)
      return show(now, isHere ? grow(now, [message], { end, room }) : now)
    }
  }
}

function readyWith(now: Omit<Messages, 'reading'>, pages: readonly Page[]): Messages {
  const head = Math.max(now.head, ...pages.map((page) => page.head))
  const root = pages.reduce((known, page) => (page.root ? later(known, page.root) : known), now.root)
  const read_seq = now.read_seq ?? pages[0]?.read_seq
  return {
    ...now,
    status: 'ready',
    head,
    ...(root ? { root } : {}),
    ...(read_seq === undefined ? {} : { read_seq })
  }
}
