import base from './base.css?inline'
import tokens from './tokens.css?inline'
import app from '../app/app.css?inline'
import attachments from '../attachments/attachments.css?inline'
import composer from '../composer/composer.css?inline'
import conversations from '../conversations/conversations.css?inline'
import actions from '../messages/message-actions.css?inline'
import messages from '../messages/messages.css?inline'

const first = [tokens, base, app, conversations, messages, attachments, actions, composer]

let sheet: CSSStyleSheet | undefined
let later: Promise<void> | undefined

/** The looks of what is there from the beginning, once for all elements of a page. Built by script, which a strict policy lets through. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(first.join('\n'))
  }
  return sheet
}

/** Adds those of what is loaded when it is first shown. Rejects where they cannot be had, and can be asked again. */
export function laterStyles(): Promise<void> {
  later ??= import('./later-styles.ts').then(
    (part) => styleSheet().replaceSync([...first, ...part.laterStyles].join('\n')),
    (error: unknown) => {
      later = undefined
      throw error
    }
  )
  return later
}
