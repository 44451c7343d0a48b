import base from './base.css?inline'
import choices from './choices.css?inline'
import tokens from './tokens.css?inline'
import discover from '../conversations/discover.css?inline'
import conversations from '../conversations/conversations.css?inline'
import composer from '../composer/composer.css?inline'
import emoji from '../emoji/emoji.css?inline'
import messages from '../messages/messages.css?inline'
import attachments from '../attachments/attachments.css?inline'
import actions from '../messages/message-actions.css?inline'
import members from '../members/members.css?inline'
import settings from '../settings/settings.css?inline'
import signIn from '../sign-in/sign-in.css?inline'
import app from '../app/app.css?inline'
import threads from '../threads/threads.css?inline'
import people from '../people/people.css?inline'
import shortcuts from '../shortcuts/shortcuts.css?inline'
import search from '../search/search.css?inline'

let sheet: CSSStyleSheet | undefined

/** All there is to the looks, once for all elements of a page. Built by script, which a strict policy lets through. */
export function styleSheet(): CSSStyleSheet {
  if (sheet) return sheet
  sheet = new CSSStyleSheet()
  sheet.replaceSync(
    [
      tokens,
      base,
      choices,
      app,
      signIn,
      conversations,
      discover,
      people,
      members,
      messages,
      attachments,
      actions,
      composer,
      emoji,
      threads,
      search,
      settings,
      shortcuts
    ].join('\n')
  )
  return sheet
}
