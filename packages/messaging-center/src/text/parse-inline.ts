import { addressAt } from './address.ts'
import type { Emphasis, Inline } from './text-tree.ts'

// What may be more than text: runs of backticks, addresses, names, runs of stars and of tildes. Names are those that the server looks
// for: not in a word, an address or a path, nor after a backslash.
const TOKEN =
  /(?<ticks>`+)|(?<![\p{L}\p{N}])(?<link>https?:\/\/)|(?<![\p{L}\p{N}\p{M}_.+\-/@\\])@(?<name>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?![\p{L}\p{N}\p{M}@])|(?<marks>\*+|~+)/giu
const PARAGRAPH_END = /(\n[ \t]*\n)/
/** A star within such a word is a star, as in 2*3*4; scripts that are written without spaces have words within words. */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]/u

/** The lines of a text block, a quotation or an item. What begins in one paragraph does not end in another. */
export function parseInline(text: string): Inline[] {
  const parts = text.split(PARAGRAPH_END).map((part, at) => (at % 2 === 1 ? [part] : parseParagraph(part)))
  return joined(parts.flat())
}

interface Open {
  kind: Emphasis
  mark: string
  /** What stands before it; what comes after it goes into a list of its own. */
  before: Inline[]
}

function parseParagraph(text: string): Inline[] {
  const closings = closingTicks(text)
  /** At most one of each kind, the innermost last. */
  const open: Open[] = []
  let nodes: Inline[] = []
  let from = 0
  const reach = (to: number) => {
    if (to <= from) return
    nodes.push(text.slice(from, to))
    from = to
  }
  /** It was only text after all. */
  const drop = () => {
    const last = open.pop()
    if (last) nodes = [...last.before, last.mark, ...nodes]
  }
  const close = (kind: Emphasis) => {
    while (open.at(-1)?.kind !== kind) drop()
    const before = open.pop()?.before ?? []
    before.push({ type: kind, children: joined(nodes) })
    nodes = before
  }
  for (const { 0: token, index, groups = {} } of text.matchAll(TOKEN)) {
    if (index < from) continue
    const end = index + token.length
    if (groups.ticks !== undefined) {
      const closing = closings.get(index)
      if (closing === undefined) continue
      reach(index)
      nodes.push({ type: 'code', text: text.slice(end, closing) })
      from = closing + token.length
    } else if (groups.link !== undefined) {
      const { address, isLink } = addressAt(text, index)
      reach(index)
      nodes.push(isLink ? { type: 'link', href: address } : address)
      from = index + address.length
    } else if (groups.name !== undefined) {
      reach(index)
      nodes.push({ type: 'mention', name: groups.name })
      from = end
    } else {
      const sides = sidesOf(text, index, end)
      for (const { kind, mark } of kindsOf(token, open)) {
        reach(index)
        const isOpen = open.some((one) => one.kind === kind)
        if (isOpen && sides.closes) close(kind)
        else if (!isOpen && sides.opens) {
          open.push({ kind, mark, before: nodes })
          nodes = []
        } else nodes.push(mark)
        from += mark.length
      }
    }
  }
  reach(text.length)
  while (open.length > 0) drop()
  return nodes
}

/** What a run of marks may begin or end. Three stars are both, the inner one first where they end. */
function kindsOf(run: string, open: readonly Open[]): { kind: Emphasis; mark: string }[] {
  const strong = { kind: 'strong', mark: '**' } as const
  const emphasis = { kind: 'emphasis', mark: '*' } as const
  if (run === '~~') return [{ kind: 'struck', mark: '~~' }]
  if (run === '**') return [strong]
  if (run === '*') return [emphasis]
  if (run !== '***') return []
  const inner = open.findLast(({ kind }) => kind !== 'struck')?.kind
  return inner === 'emphasis' ? [emphasis, strong] : [strong, emphasis]
}

/** Marks begin something before what is not a space, and end it after what is not. A single one also not within a word. */
function sidesOf(text: string, start: number, end: number): { opens: boolean; closes: boolean } {
  const [before, after] = [text.charAt(start - 1), text.charAt(end)]
  const inWord = end - start === 1 && WORD.test(before) && WORD.test(after)
  return { opens: !inWord && /\S/.test(after), closes: !inWord && /\S/.test(before) }
}

/** Where the code that begins at a run of backticks ends: at the next run that is as long. */
function closingTicks(text: string): Map<number, number> {
  const closings = new Map<number, number>()
  if (!text.includes('`')) return closings
  const runs = [...text.matchAll(/`+/g)]
  const later = new Map<number, number>()
  for (const { 0: run, index } of runs.toReversed()) {
    const next = later.get(run.length)
    if (next !== undefined) closings.set(index, next)
    later.set(run.length, index)
  }
  return closings
}

/** Texts that stand side by side are one. */
function joined(nodes: readonly Inline[]): Inline[] {
  const all: Inline[] = []
  for (const node of nodes) {
    const last = all.at(-1)
    if (typeof node === 'string' && typeof last === 'string') all[all.length - 1] = last + node
    else if (node !== '') all.push(node)
  }
  return all
}
