/** Of what a probe reached: the schedule begins a little below, and gives way until it is held. */
const SHARES_OF_PROBE = [0.95, 0.85, 0.7, 0.55]

export interface Attempt<T> {
  rate: number
  run: T
  /** Why the rate was not held. */
  refused: string | undefined
}

export interface Held<T> {
  /** Undefined where no rate was held. */
  run: T | undefined
  refused: string
  attempts: Attempt<T>[]
}

/**
 * A window says what is possible, but hides stalls: only a schedule that is held shows a rate. Tries rates below `possible` until
 * one is.
 *
 * @example
 * const { run } = await holdRate(probed, async (rate) => ({ run: await runAt(rate), refused: undefined }))
 */
export async function holdRate<T>(
  possible: number,
  attempt: (rate: number) => Promise<Omit<Attempt<T>, 'rate'>>
): Promise<Held<T>> {
  const attempts: Attempt<T>[] = []
  for (const share of possible > 0 ? SHARES_OF_PROBE : []) {
    const rate = possible * share
    const tried = { rate, ...(await attempt(rate)) }
    attempts.push(tried)
    if (tried.refused === undefined) return { run: tried.run, refused: '', attempts }
  }
  return { run: undefined, refused: attempts.at(-1)?.refused ?? 'nothing came through', attempts }
}
