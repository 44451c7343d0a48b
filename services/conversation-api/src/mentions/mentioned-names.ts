import { limits } from '@parley/contracts'

// A name as registration takes it, after an @ that does not stand in a word, an address or a path; nothing may follow that would
// make it one.
const MENTION = /(?<![\p{L}\p{N}\p{M}_.+\-/@\\])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?![\p{L}\p{N}\p{M}@])/giu
const FENCE = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/
const PARAGRAPH_END = /\n[ \t]*\n/

/**
 * The usernames that a text mentions as `@name`, in lower case, each once: the first 50. What stands in words, e-mail addresses,
 * links, code spans or code blocks is no mention, nor is `\@name`. Whether there is such a user, and they are a member, is for
 * others to say.
 *
 * @example
 * mentionedNames('@Ann, ask `@bob`') // ['ann']
 */
export function mentionedNames(body: string): string[] {
  if (!body.includes('@')) return []
  const names = new Set<string>()
  for (const paragraph of withoutFences(body).split(PARAGRAPH_END)) {
    for (const [, name = ''] of withoutCodeSpans(paragraph).matchAll(MENTION)) {
      if (name.length <= limits.username_length) names.add(name.toLowerCase())
    }
  }
  return [...names].slice(0, limits.mentions_per_message)
}

/** Blocks between lines of three or more backticks or tildes; one that is never closed goes on to the end. */
function withoutFences(body: string): string {
  let open: string | undefined
  return body
    .split('\n')
    .map((line) => {
      const fence = FENCE.exec(line)
      const marks = fence?.[1] ?? fence?.[2]
      if (open === undefined) {
        open = marks
        return marks === undefined ? line : ''
      }
      if (marks?.startsWith(open) && line.trim() === marks) open = undefined
      return ''
    })
    .join('\n')
}

/** Code begins at a run of backticks and ends at the next one as long; without that they are backticks. */
function withoutCodeSpans(paragraph: string): string {
  const runs = [...paragraph.matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ length, index }))
  const unclosed = new Set<number>()
  let text = ''
  let from = 0
  for (let n = 0; n < runs.length; n++) {
    const open = runs[n]
    if (!open || unclosed.has(open.length)) continue
    let at = n + 1
    while (at < runs.length && runs[at]?.length !== open.length) at++
    const close = runs[at]
    if (!close) {
      unclosed.add(open.length)
      continue
    }
    text += `${paragraph.slice(from, open.index)} `
    from = close.index + close.length
    n = at
  }
  return text + paragraph.slice(from)
}
