import type { TurnEnd } from './turn-end.ts'

/**
 * Does something for each item, so many a turn, the first of them at once. Two that are begun one after the other stay in that order
 * for every item they share, if their parts are alike.
 *
 * @example
 * inParts(turnEnd, hearers, 25, (hearer) => hearer.writeVolatile(frame))
 */
export function inParts<T>(
  turnEnd: TurnEnd,
  items: Iterable<T>,
  part: number,
  each: (item: T) => void
): void {
  const iterator = items[Symbol.iterator]()
  const job = {
    run() {
      for (let n = 0; n < part; n++) {
        const { done, value } = iterator.next()
        if (done) return
        each(value)
      }
      turnEnd.add(job)
    }
  }
  job.run()
}
