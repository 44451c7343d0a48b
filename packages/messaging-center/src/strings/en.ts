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
  }
}

export type Catalogue = {
  [S in keyof typeof en]: {
    [K in keyof (typeof en)[S]]: (typeof en)[S][K] extends string ? string : { one: string; other: string }
  }
}
