/** What is loaded when somebody is about to be mentioned. */
export { mentionable } from './mentionable.ts'
export { mentioned } from './mentioned.ts'
export { MentionList } from './mention-list.tsx'
