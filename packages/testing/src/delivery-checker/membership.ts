import type { NumberLine } from './number-line.ts'
import type { Operation } from './operations.ts'

/**
 * One stay of a member: from the seq of `member_added` to the seq of `member_removed` (or of the conversation's deletion).
 * Times bound when that happened: not before `_earliest`, for certain by `_certain`.
 */
export interface Stay {
  from: number
  to: number
  from_earliest: number
  from_certain: number
  to_certain: number
}

export type Memberships = Map<string, Map<string, Stay[]>>

const NEVER = Number.POSITIVE_INFINITY
const ALWAYS = Number.NEGATIVE_INFINITY

/** Every member's stays, by conversation and user. */
export function membershipsOf(lines: Map<string, NumberLine>, operations: readonly Operation[]): Memberships {
  const bySubject = Map.groupBy(
    operations.filter(({ kind, outcome }) => (kind === 'add' || kind === 'remove') && outcome !== 'fail'),
    ({ conversation, subject }) => `${conversation} ${subject}`
  )
  const founded = new Map(
    operations
      .filter(({ kind }) => kind === 'create')
      .map(({ conversation, end: made }) => [conversation, made?.seq ?? 0])
  )
  const memberships: Memberships = new Map()
  for (const line of lines.values()) {
    const users = new Map<string, Stay[]>()
    memberships.set(line.conversation, users)
    for (let seq = 1; seq <= line.last_seq; seq++) {
      const entry = line.entries.get(seq)
      if (entry?.kind === 'member.added') {
        // Who is there from the conversation's creation was added by no operation, also where one of later is unknown.
        const founding = seq <= (founded.get(line.conversation) ?? 0)
        const made = founding ? [] : (bySubject.get(`${line.conversation} ${entry.subject}`) ?? [])
        const stays = users.get(entry.subject) ?? []
        stays.push(begin(seq, made))
        users.set(entry.subject, stays)
      } else if (entry?.kind === 'member.removed') {
        const stay = users.get(entry.subject)?.at(-1)
        const made = bySubject.get(`${line.conversation} ${entry.subject}`) ?? []
        if (stay) end(stay, seq, made)
      } else if (entry?.kind === 'conversation.deleted') {
        for (const stays of users.values()) {
          const stay = stays.at(-1)
          if (stay?.to === NEVER) stay.to = seq
        }
      }
    }
    boundRemovals(users)
  }
  return memberships
}

function begin(from: number, made: readonly Operation[]): Stay {
  const adds = made.filter(({ kind }) => kind === 'add')
  const known = adds.filter(({ outcome, end }) => outcome === 'ok' && end?.seq === from)
  const possible = known.length > 0 ? known : adds.filter(({ outcome }) => outcome === 'unknown')
  return {
    from,
    to: NEVER,
    from_earliest: possible.length > 0 ? Math.min(...possible.map(({ at }) => at)) : ALWAYS,
    from_certain: known.length > 0 ? Math.min(...known.map(({ end }) => end?.at ?? NEVER)) : NEVER,
    to_certain: NEVER
  }
}

/** A removal tells no seq: it is over for certain when one that began within the stay was answered. */
function end(stay: Stay, to: number, made: readonly Operation[]): void {
  stay.to = to
  const begun = stay.from_earliest === ALWAYS ? ALWAYS : stay.from_certain
  const ends = made
    .filter(({ kind, outcome, at }) => kind === 'remove' && outcome === 'ok' && at >= begun)
    .map(({ end: answer }) => answer?.at ?? NEVER)
  stay.to_certain = Math.min(NEVER, ...ends)
}

/** An answer that came after the next stay had begun says nothing about the one before. */
function boundRemovals(users: Map<string, Stay[]>): void {
  for (const stays of users.values()) {
    for (const [n, stay] of stays.entries()) {
      const after = stays[n + 1]
      if (after && stay.to_certain > after.from_earliest) stay.to_certain = NEVER
    }
  }
}

/** Whether it is certain that the user was no member during the whole of `[from, to]` (times of the history's clock). */
export function surelyAway(stays: readonly Stay[] | undefined, from: number, to: number): boolean {
  if (!stays || stays.length === 0) return true
  const [first] = stays
  if (first && to < first.from_earliest) return true
  return stays.some((stay, n) => {
    const back = stays[n + 1]?.from_earliest ?? NEVER
    return from > stay.to_certain && to < back
  })
}

/** Whether it is certain that the user was a member during the whole of `[from, to]`. */
export function surelyMember(
  stays: readonly Stay[] | undefined,
  removals: readonly Operation[],
  from: number,
  to: number
): boolean {
  const stay = stays?.findLast((one) => one.from_earliest === ALWAYS || one.from_certain <= from)
  if (!stay) return false
  return !removals.some((removal) => removal.at <= to && (removal.end?.at ?? NEVER) >= stay.from_earliest)
}
