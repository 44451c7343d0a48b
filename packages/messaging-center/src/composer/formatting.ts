/** What the shortcuts put around a selection: the marks of docs/features.md. */
const marks = { strong: '**', emphasis: '*', code: '`' } as const
export type Format = keyof typeof marks

export interface Selection {
  start: number
  end: number
}

/** Takes what is from `from` to `to`, puts `insert` there, and selects. */
export interface TextChange {
  from: number
  to: number
  insert: string
  select: Selection
}

/**
 * Puts a selection between marks, or takes it out from between them. Several lines of code become a block.
 *
 * @example format('so good', { start: 3, end: 7 }, 'strong').insert // '**good**'
 */
export function format(text: string, { start, end }: Selection, as: Format): TextChange {
  const selected = text.slice(start, end)
  if (as === 'code' && selected.includes('\n')) return fence(text, { start, end })
  const mark = marks[as]
  if (isBetween(text, { start, end }, mark)) {
    const from = start - mark.length
    return {
      from,
      to: end + mark.length,
      insert: selected,
      select: { start: from, end: from + selected.length }
    }
  }
  const at = start + mark.length
  return {
    from: start,
    to: end,
    insert: `${mark}${selected}${mark}`,
    select: { start: at, end: at + selected.length }
  }
}

/** One star is emphasis, two are strong, three are both. */
function isBetween(text: string, { start, end }: Selection, mark: string): boolean {
  const sign = mark.charAt(0)
  const run = (at: number, step: 1 | -1) => {
    let length = 0
    while (text.charAt(at + step * length) === sign) length++
    return length
  }
  const length = Math.min(run(start - 1, -1), run(end, 1))
  return sign === '*' ? length === mark.length || length === 3 : length >= mark.length
}

function fence(text: string, { start, end }: Selection): TextChange {
  const selected = text.slice(start, end)
  const before = start === 0 || text.charAt(start - 1) === '\n' ? '' : '\n'
  const after = end === text.length || text.charAt(end) === '\n' ? '' : '\n'
  const at = start + before.length + 4
  return {
    from: start,
    to: end,
    insert: `${before}\`\`\`\n${selected}\n\`\`\`${after}`,
    select: { start: at, end: at + selected.length }
  }
}

/** Changes a text area as typing would: Undo takes it back, and `input` is fired. */
export function applyChange(area: HTMLTextAreaElement, { from, to, insert, select }: TextChange): void {
  area.focus()
  area.setSelectionRange(from, to)
  // There is no other way to change a field so that it can be undone.
  const changed = document.execCommand(insert === '' ? 'delete' : 'insertText', false, insert)
  if (!changed) {
    area.setRangeText(insert, from, to, 'end')
    area.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  area.setSelectionRange(select.start, select.end)
}
