/** Every text of the messaging center. Sections are its folders; `{name}` is filled in, `n` chooses the form. */
export const en = {
  common: {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    delete: 'Delete',
    retry: 'Try again',
    loading: 'Loading…',
    more: 'More',
    back: 'Back'
  },
  errors: {
    network: 'Nothing answers. Check your connection.',
    unauthenticated: 'You are signed out. Sign in again.',
    forbidden: 'You may not do this.',
    not_found: 'This is not here any more, or not for you to see.',
    rate_limited: 'That was a bit fast. Wait a moment and try again.',
    overloaded: 'The server is very busy. Try again in a moment.',
    unavailable: 'The server cannot do this right now. Try again in a moment.',
    internal: 'Something went wrong on the server. Try again.',
    banned: 'This person is banned from the group.',
    direct_conversation: 'A direct conversation always has exactly its two people.',
    last_owner: 'A group needs an owner. Make someone else an owner first.',
    members_full: 'The group is full.',
    validation_failed: 'The server did not accept this.',
    idempotency_conflict: 'This was already done in another way. Close this and try again.',
    unexpected: 'That did not work ({code}).'
  },
  signIn: {
    title: 'Sign in'
  },
  conversations: {
    title: 'Conversations'
  },
  members: {
    title: 'Members'
  },
  people: {
    title: 'People'
  },
  messages: {
    empty: 'Nothing has been said here yet.'
  },
  composer: {
    placeholder: 'Message {name}'
  },
  threads: {
    title: 'Thread'
  },
  search: {
    title: 'Search'
  },
  notifications: {
    title: 'Notifications'
  },
  settings: {
    title: 'Settings'
  },
  shortcuts: {
    title: 'Keyboard shortcuts'
  },
  quickSwitch: {
    title: 'Jump to a conversation'
  }
}

export type Catalogue = {
  [S in keyof typeof en]: {
    [K in keyof (typeof en)[S]]: (typeof en)[S][K] extends string ? string : { one: string; other: string }
  }
}
