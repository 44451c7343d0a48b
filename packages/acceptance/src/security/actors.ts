/** Without a session that is worth anything: never signed in, or it ended in one of three ways. */
export const strangers = ['anonymous', 'disabled', 'expired', 'logged_out'] as const
/** Signed in, but not in the conversation. The removed one was in it, and wrote. */
export const outsiders = ['outsider', 'removed'] as const
/** In the conversation; the author is a member like the other, and wrote the message at hand. */
export const insiders = ['member', 'author', 'admin', 'owner'] as const

export const actors = [...strangers, ...outsiders, ...insiders] as const

export type Stranger = (typeof strangers)[number]
export type Outsider = (typeof outsiders)[number]
export type Insider = (typeof insiders)[number]
export type Actor = (typeof actors)[number]
