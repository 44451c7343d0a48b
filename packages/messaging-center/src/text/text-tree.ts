/** What stands in a line of text. A string is as it was typed. */
export type Inline =
  | string
  | { type: Emphasis; children: readonly Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string }
  /** `name` as it was typed, without the @; whether it is somebody's is for others to say. */
  | { type: 'mention'; name: string }

export type Emphasis = 'strong' | 'emphasis' | 'struck'

export interface ListItem {
  /** Of a numbered list, as it was typed. */
  number?: number
  children: readonly Inline[]
}

export type Block =
  | { type: 'text'; children: readonly Inline[] }
  | { type: 'code'; text: string }
  | { type: 'quote'; children: readonly Block[] }
  | { type: 'list'; numbered: boolean; items: readonly ListItem[] }

/** What is read of it, without marks; each block and each item on a line of its own. */
export function textOf(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n')
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return inlineText(block.children)
    case 'code':
      return block.text
    case 'quote':
      return textOf(block.children)
    case 'list':
      return block.items.map(({ children }) => inlineText(children)).join('\n')
  }
}

function inlineText(children: readonly Inline[]): string {
  return children.map(oneText).join('')
}

function oneText(one: Inline): string {
  if (typeof one === 'string') return one
  switch (one.type) {
    case 'code':
      return one.text
    case 'link':
      return one.href
    case 'mention':
      return `@${one.name}`
    default:
      return inlineText(one.children)
  }
}
