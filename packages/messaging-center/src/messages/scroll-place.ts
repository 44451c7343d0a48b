import { focusedIn } from '../design/focus.ts'

/**
 * Keeps what one reads where it is while the list around it changes: pages come in above and fall out, pictures and names arrive.
 * Either the end is held, or the first message in view. The browser's own anchoring is off: it does not do this everywhere, and
 * never across the removal of what is above.
 *
 * @example
 * place.note()        // before the list changes, and whenever one has scrolled
 * place.restore()     // after it has
 */
export class ScrollPlace {
  readonly #scroller: HTMLElement
  readonly #selector: string
  #anchor: { item: Element; top: number; scroll: number } | undefined
  /** At the end: what comes moves up what is there. */
  stuck = true

  /** `selector` finds the items, in their order. */
  constructor(scroller: HTMLElement, selector: string) {
    this.#scroller = scroller
    this.#selector = selector
  }

  /** How far it is to the end. */
  get below(): number {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller
    return scrollHeight - clientHeight - scrollTop
  }

  /** Whether one has, since the place was noted. */
  get hasScrolled(): boolean {
    return this.#anchor !== undefined && this.#anchor.scroll !== this.#scroller.scrollTop
  }

  /** Remembers what is in view: what has the focus where it is, since that is what one looks at. */
  note(): void {
    const item = this.#focusedInView() ?? this.firstInView()
    this.#anchor = item && { item, top: this.#topOf(item), scroll: this.#scroller.scrollTop }
  }

  /** Puts it back: to the end, or by as much as it was moved. What is in `hold` and not scrolled past yet stays in view. */
  restore(hold?: Element | null): void {
    if (this.stuck) this.#toEnd(hold)
    else if (this.#anchor?.item.isConnected) {
      const { item, top, scroll } = this.#anchor
      const moved = this.#topOf(item) - top
      // Where nothing has moved, whoever is scrolling right now is not disturbed.
      if (Math.abs(moved) >= 0.5) this.#scroller.scrollTop = scroll + moved
    }
    this.note()
  }

  #toEnd(hold: Element | null | undefined): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    const top = hold ? this.#topOf(hold) : 0
    const isAhead = top > scrollTop
    this.#scroller.scrollTop = isAhead ? Math.max(scrollTop, top - clientHeight / 8) : scrollHeight
    this.stuck = !isAhead || this.below < 4
  }

  /** Brings an element into view, so far from the top as a share of the height. */
  show(item: Element, share: number): void {
    const room = this.#scroller.clientHeight - item.getBoundingClientRect().height
    this.#scroller.scrollTop = this.#topOf(item) - Math.max(0, room * share)
    this.note()
  }

  #focusedInView(): Element | undefined {
    const item = focusedIn(this.#scroller)?.closest(this.#selector)
    return item && this.isInView(item) ? item : undefined
  }

  isInView(item: Element): boolean {
    const [view, box] = [this.#scroller.getBoundingClientRect(), item.getBoundingClientRect()]
    return this.#scroller.contains(item) && box.bottom > view.top && box.top < view.bottom
  }

  firstInView(): HTMLElement | undefined {
    const top = this.#scroller.getBoundingClientRect().top
    const items = this.items()
    return items[endingBy(items, top)]
  }

  /** The last one whose end is in view. */
  lastInView(): HTMLElement | undefined {
    const bottom = this.#scroller.getBoundingClientRect().bottom
    const items = this.items()
    return items[endingBy(items, bottom + 1) - 1]
  }

  items(): NodeListOf<HTMLElement> {
    return this.#scroller.querySelectorAll<HTMLElement>(this.#selector)
  }

  /** Within what is scrolled. */
  #topOf(item: Element): number {
    const { top } = this.#scroller.getBoundingClientRect()
    return item.getBoundingClientRect().top - top + this.#scroller.scrollTop
  }
}

/** How many of them end above this height. */
function endingBy(items: NodeListOf<HTMLElement>, height: number): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.getBoundingClientRect().bottom ?? 0) <= height) low = middle + 1
    else high = middle
  }
  return low
}
