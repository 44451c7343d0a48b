import type { User } from '@parley/contracts'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { isEmojiOnly } from '../text/emoji-only.ts'
import { parseText } from '../text/parse-text.ts'
import type { Block, Inline } from '../text/text-tree.ts'
import { useUsers } from './use-users.ts'

export interface MessageTextProps {
  body: string
  /** Ids of those whom it mentions: other names with an @ are text. */
  mentions?: readonly string[]
  id?: string
  /** Of links in it: -1 where something around it is the tab stop. */
  tabIndex?: number
}

interface Shown {
  mentioned: readonly User[]
  me: string
  tabIndex: number | undefined
}

const nobody: readonly string[] = []

/** A body as it is shown: the Markdown subset of docs/features.md, mentions and links, as elements; never as markup. */
export function MessageText({ body, mentions = nobody, id, tabIndex }: MessageTextProps) {
  const { me } = useCenter()
  const blocks = useMemo(() => parseText(body), [body])
  const mentioned = useUsers(mentions)
  const shown = { mentioned, me: me.id, tabIndex }
  return (
    <div id={id} class={`message-text${isEmojiOnly(body) ? ' message-text-emoji' : ''}`}>
      {blocks.map((block) => showBlock(block, shown))}
    </div>
  )
}

// Each block finds its own direction, and keeps signs that turn text around to itself.
function showBlock(block: Block, shown: Shown): ComponentChildren {
  switch (block.type) {
    case 'text':
      return <p dir="auto">{showAll(block.children, shown)}</p>
    case 'code':
      return (
        <pre dir="ltr">
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return <blockquote dir="auto">{block.children.map((one) => showBlock(one, shown))}</blockquote>
    case 'list': {
      const List = block.numbered ? 'ol' : 'ul'
      return (
        <List dir="auto">
          {block.items.map(({ number, children }) => (
            <li dir="auto" value={number}>
              {showAll(children, shown)}
            </li>
          ))}
        </List>
      )
    }
  }
}

function showAll(children: readonly Inline[], shown: Shown): ComponentChildren {
  return children.map((one) => showOne(one, shown))
}

function showOne(one: Inline, shown: Shown): ComponentChildren {
  if (typeof one === 'string') return one
  switch (one.type) {
    case 'strong':
      return <strong>{showAll(one.children, shown)}</strong>
    case 'emphasis':
      return <em>{showAll(one.children, shown)}</em>
    case 'struck':
      return <s>{showAll(one.children, shown)}</s>
    case 'code':
      return <code dir="ltr">{one.text}</code>
    case 'link':
      return (
        <a href={one.href} target="_blank" rel="noopener noreferrer" dir="ltr" tabIndex={shown.tabIndex}>
          {one.href}
        </a>
      )
    case 'mention':
      return showMention(one.name, shown)
  }
}

function showMention(name: string, { mentioned, me }: Shown): ComponentChildren {
  const user = mentioned.find(({ username }) => username.toLowerCase() === name.toLowerCase())
  if (!user) return `@${name}`
  return (
    <span class={`mention${user.id === me ? ' mention-me' : ''}`} title={`@${user.username}`}>
      @<bdi>{user.display_name}</bdi>
    </span>
  )
}
