import type { Conversation, Message } from '@parley/contracts'
import { plainLine } from '../conversations/last-message.ts'
import { apart } from '../strings/apart.ts'
import type { PushTexts } from './push-texts.ts'

/** A notification: what it says, and where it leads. */
export interface Notice {
  /** A later one of the same name takes its place. */
  tag: string
  title: string
  body: string
  conversation_id: string
  /** The message's place, where it is known. */
  seq?: number
  at?: number
}

/** What the page tells the service worker: unless somebody looks at one of our windows, show this. */
export interface ToWorker {
  type: 'parley-notice'
  notice: Notice
}

/** What the service worker tells a page whose notification was clicked. */
export interface FromWorker {
  type: 'parley-open'
  conversation_id: string
  seq?: number
}

/** Of a message, as its reader should see it at a glance. */
export function noticeOf(message: Message, conversation: Conversation, texts: PushTexts): Notice {
  const name = apart(message.sender.display_name)
  const { kind, title } = conversation
  return {
    tag: message.id,
    title: kind === 'direct' || title === null ? name : `${name} · ${apart(title)}`,
    body: plainLine(message.body ?? '') || texts.file,
    conversation_id: conversation.id,
    seq: message.seq,
    at: Date.parse(message.created_at)
  }
}
