import type { Messages, MessagesStore } from '@parley/client/stores'
import { focusedIn } from '../design/focus.ts'
import { isLooking } from './is-looking.ts'
import { ScrollPlace } from './scroll-place.ts'

/** Where one is in the list. */
export interface ListPlace {
  /** The last message that was seen to its end; 0 where none was. */
  seen: number
  /** The newest message is in view, and nothing comes after it. */
  at_end: boolean
}

export interface ListViewSetup {
  scroller: HTMLElement
  content: HTMLElement
  store: MessagesStore
  moved(place: ListPlace): void
  /** The message with this seq was jumped to. */
  reached(seq: number): void
}

/** Where to go once it is there: a message, the first unread one, or the end. */
type Goal = { seq: number } | 'unread' | 'end'

/** Of the height of the list, above what is jumped to. */
const ABOVE = { message: 0.4, unread: 0.2 }
const ITEM = 'article[data-seq]'

/**
 * Scrolls a list of messages: keeps the place, loads at both ends before they are reached, goes where one jumps to, and makes one of the
 * messages the tab stop.
 */
export class ListView {
  readonly #setup: ListViewSetup
  readonly #place: ScrollPlace
  readonly #observer: ResizeObserver
  #goal: Goal | undefined = 'unread'
  #stop: HTMLElement | undefined
  #hadFocus = false

  constructor(setup: ListViewSetup) {
    this.#setup = setup
    this.#place = new ScrollPlace(setup.scroller, ITEM)
    this.#observer = new ResizeObserver(() => {
      this.#restore()
      this.#look()
    })
    this.#observer.observe(setup.scroller)
    this.#observer.observe(setup.content)
  }

  close(): void {
    this.#observer.disconnect()
  }

  /** Before the list is drawn anew. */
  before(): void {
    // The browser says only with the next frame that one has scrolled.
    if (this.#place.hasScrolled) this.#place.stuck = this.#isAtEnd
    this.#place.note()
    this.#hadFocus = this.#focused !== undefined
  }

  /** After the list was drawn. */
  after(): void {
    if (!this.#arrive()) this.#restore()
    // What had the focus may have fallen out of the window: the keys go on scrolling.
    if (this.#hadFocus && !this.#focused) this.#setup.scroller.focus({ preventScroll: true })
    this.#look()
  }

  scrolled(): void {
    // Whoever goes on without what could not be loaded does not want to be taken there later.
    if (this.#setup.store.get().status === 'failed') this.#goal = undefined
    this.#place.stuck = this.#isAtEnd
    this.#place.note()
    this.#look()
  }

  async jumpTo(seq: number): Promise<void> {
    this.#goal = { seq }
    await this.#setup.store.jumpTo(seq)
    this.after()
  }

  async toEnd(): Promise<void> {
    this.#goal = 'end'
    await this.#setup.store.toNewest()
    this.after()
  }

  /** Gives the focus to the message before or after the one that has it. */
  step(from: Element, by: 1 | -1): void {
    const items = [...this.#place.items()]
    const next = items[items.indexOf(from as HTMLElement) + by]
    if (!next) return
    this.focus(next)
    next.scrollIntoView({ block: 'nearest' })
  }

  focus(item: HTMLElement): void {
    this.#makeStop(item)
    item.focus({ preventScroll: true })
  }

  /** As long as nobody looks, what is new does not scroll past: it would count as seen. */
  #restore(): void {
    this.#place.restore(isLooking() ? undefined : this.#setup.scroller.querySelector('[data-unread]'))
  }

  get #focused(): HTMLElement | undefined {
    const focused = focusedIn(this.#setup.scroller)
    return focused && this.#setup.scroller.contains(focused) ? focused : undefined
  }

  get #isAtEnd(): boolean {
    return this.#place.below < 4 && !this.#setup.store.get().has_newer
  }

  /** Goes where one wanted to go; false where nothing is to be done, or it is not there yet. */
  #arrive(): boolean {
    const { status, reading } = this.#setup.store.get()
    if (!this.#goal || reading === 'place' || status === 'loading') return false
    const goal = this.#goal
    this.#goal = undefined
    if (goal === 'end') this.#place.stuck = true
    else if (goal === 'unread') this.#toUnread()
    else this.#toMessage(goal.seq)
    if (this.#place.stuck) this.#restore()
    return true
  }

  #toUnread(): void {
    const line = this.#setup.scroller.querySelector('[data-unread]')
    if (!line) return
    this.#place.show(line, ABOVE.unread)
    this.#place.stuck = this.#isAtEnd
  }

  /** Where it is not in the list, it is a reply in a thread, or nothing: the one before it stands for it. */
  #toMessage(seq: number): void {
    const items = [...this.#place.items()]
    const item = items.findLast((one) => Number(one.dataset.seq) <= seq) ?? items[0]
    if (!item) return
    this.#place.show(item, ABOVE.message)
    this.#place.stuck = this.#isAtEnd
    this.focus(item)
    if (Number(item.dataset.seq) === seq) this.#setup.reached(seq)
  }

  /** Where one is now, and what should be there before one gets further. */
  #look(): void {
    const { store, moved, scroller } = this.#setup
    const state = store.get()
    if (this.#goal || scroller.clientHeight === 0 || state.status === 'loading') return
    const last = this.#place.lastInView()
    const isStopThere = this.#stop?.isConnected && (this.#focused ?? this.#place.isInView(this.#stop))
    if (!isStopThere) this.#makeStop(last ?? this.#place.firstInView())
    moved({ seen: Number(last?.dataset.seq ?? 0), at_end: this.#isAtEnd })
    this.#load(state)
  }

  #load({ status, reading, has_older, has_newer }: Messages): void {
    const { scroller, store } = this.#setup
    if (reading || status === 'failed') return
    const { clientHeight, scrollHeight, scrollTop } = scroller
    // Two screens ahead; less where the whole window is no more than a few, or loading at one end would bring up the other.
    const margin = Math.min(2 * clientHeight, (scrollHeight - clientHeight) / 4)
    if (has_older && scrollTop <= margin) void store.loadOlder()
    else if (has_newer && this.#place.below <= margin) void store.loadNewer()
  }

  #makeStop(item: HTMLElement | undefined): void {
    if (!item || item === this.#stop) return
    if (this.#stop) this.#stop.tabIndex = -1
    item.tabIndex = 0
    this.#stop = item
  }
}
