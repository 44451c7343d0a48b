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
    placeholder: 'Message {name}',
    label: 'Message',
    strong: 'Bold',
    emphasis: 'Italic',
    code: 'Code'
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
    title: 'Keyboard shortcuts',
    quickSwitch: 'Jump to a conversation',
    search: 'Search',
    nextConversation: 'Next conversation',
    previousConversation: 'Previous conversation',
    nextUnread: 'Next unread conversation',
    help: 'Show all shortcuts',
    closePanel: 'Close what is open beside',
    previousMessage: 'Message before',
    nextMessage: 'Message after',
    pin: 'Pin or unpin',
    send: 'Send',
    lineBreak: 'New line',
    editLast: 'Edit my last message, when nothing is written',
    leaveOff: 'Stop replying or editing',
    mention: 'Mention someone',
    keyControl: 'Ctrl',
    keyShift: 'Shift',
    keyDelete: 'Del',
    keyBackspace: 'Backspace',
    keyEnter: 'Enter',
    keyEscape: 'Esc'
  },
  quickSwitch: {
    title: 'Jump to a conversation'
  },
  actions: {
    label: 'What to do with this message',
    react: 'Add a reaction',
    reply: 'Reply',
    thread: 'Reply in thread',
    edit: 'Edit',
    copyText: 'Copy text',
    copyLink: 'Copy link',
    forward: 'Forward',
    pin: 'Pin',
    unpin: 'Unpin',
    seen: 'Seen by',
    versions: 'Earlier versions',
    report: 'Report',
    delete: 'Delete'
  }
}

export type Catalogue = {
  [S in keyof typeof en]: {
    [K in keyof (typeof en)[S]]: (typeof en)[S][K] extends string ? string : { one: string; other: string }
  }
}
