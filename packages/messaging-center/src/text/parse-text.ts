import { parseInline } from './parse-inline.ts'
import { type Block, type ListItem, textOf } from './text-tree.ts'

/** Quotations within quotations; what is deeper stays as typed. */
const DEPTH = 4

// As the server has it when it looks for mentions: up to three spaces, and three marks or more.
const FENCE = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/
const ITEM = /^(?:-|(\d{1,9})\.) (?=.)/

/**
 * A body as a tree: the subset of Markdown of docs/features.md. Everything else stays as typed. Takes time in proportion to the length of
 * the body, whatever it is.
 *
 * @example
 * parseText('**Hello** @ann') // [{ type: 'text', children: [{ type: 'strong', children: ['Hello'] }, ' ', { type: 'mention', name: 'ann' }] }]
 */
export function parseText(body: string): Block[] {
  return parseLines(body.split('\n'), DEPTH)
}

/** A body in one line, without marks: for where there is room for no more. */
export function plainText(body: string): string {
  return textOf(parseText(body)).replaceAll(/\s+/g, ' ').trim()
}

function parseLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  let text: string[] = []
  const flush = () => {
    if (text.length > 0) blocks.push({ type: 'text', children: parseInline(text.join('\n')) })
    text = []
  }
  for (let at = 0; at < lines.length; ) {
    const found = codeAt(lines, at) ?? quoteAt(lines, at, depth) ?? listAt(lines, at)
    if (!found) {
      text.push(lines[at++] ?? '')
      continue
    }
    flush()
    blocks.push(found.block)
    at = found.end
  }
  flush()
  return blocks
}

interface Found {
  block: Block
  /** The line after it. */
  end: number
}

/** One that is never closed goes on to the end. */
function codeAt(lines: readonly string[], at: number): Found | undefined {
  const marks = marksOf(lines[at])
  if (marks === undefined) return undefined
  let end = at + 1
  while (end < lines.length && !closes(lines[end], marks)) end++
  return { block: { type: 'code', text: lines.slice(at + 1, end).join('\n') }, end: end + 1 }
}

function marksOf(line = ''): string | undefined {
  const fence = FENCE.exec(line)
  return fence?.[1] ?? fence?.[2]
}

function closes(line: string | undefined, marks: string): boolean {
  const closing = marksOf(line)
  return closing !== undefined && closing.startsWith(marks) && line?.trim() === closing
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found | undefined {
  const isQuoted = (line: string | undefined) => line !== undefined && (line === '>' || line.startsWith('> '))
  if (depth === 0 || !isQuoted(lines[at])) return undefined
  let end = at
  while (isQuoted(lines[end])) end++
  const inner = lines.slice(at, end).map((line) => line.slice(2))
  return { block: { type: 'quote', children: parseLines(inner, depth - 1) }, end }
}

function listAt(lines: readonly string[], at: number): Found | undefined {
  const numbered = ITEM.exec(lines[at] ?? '')?.[1] !== undefined
  const items: ListItem[] = []
  let end = at
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    const [mark, number] = ITEM.exec(line) ?? []
    if (mark === undefined || (number !== undefined) !== numbered) break
    const children = parseInline(line.slice(mark.length))
    items.push(number === undefined ? { children } : { number: Number(number), children })
  }
  return items.length > 0 ? { block: { type: 'list', numbered, items }, end } : undefined
}
