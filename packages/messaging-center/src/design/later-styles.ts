import choices from './choices.css?inline'
import discover from '../conversations/discover.css?inline'
import emoji from '../emoji/emoji.css?inline'
import members from '../members/members.css?inline'
import people from '../people/people.css?inline'
import search from '../search/search.css?inline'
import settings from '../settings/settings.css?inline'
import shortcuts from '../shortcuts/shortcuts.css?inline'
import signIn from '../sign-in/sign-in.css?inline'
import threads from '../threads/threads.css?inline'

/** The looks of all parts that are loaded when they are first shown. */
export const laterStyles = [
  choices,
  signIn,
  discover,
  people,
  members,
  emoji,
  threads,
  search,
  settings,
  shortcuts
]
