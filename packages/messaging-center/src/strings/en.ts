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
    unexpected: 'That did not work ({code}).',
    closed: 'The connection has ended. Reload the page.',
    unauthenticated: 'You are not signed in any more.',
    invalid_credentials: 'This username and password do not go together.',
    username_taken: 'This username is taken. Try another one.',
    idempotency_conflict: 'This was already done in another way. Close this and try again.',
    validation_failed: 'Something in it is not valid.',
    bad_request: 'Something in it is not valid.',
    forbidden: 'You are not allowed to do this here.',
    origin_forbidden: 'This page is not allowed to do this.',
    banned: 'This person is banned from the conversation.',
    not_found: 'It is not there, or not for you.',
    message_deleted: 'The message was deleted meanwhile.',
    direct_conversation: 'A direct conversation stays with the two of you.',
    last_owner: 'A group keeps at least one owner. Make someone else an owner first.',
    members_full: 'The group is full.',
    emoji_full: 'This message has as many different emoji as it takes.',
    pins_full: 'There are as many pins here as there may be. Unpin one first.',
    quota_exceeded: 'There is no room for more files of yours.',
    image_too_large: 'The picture is too large.',
    file_type_refused: 'Files of this type cannot be sent.',
    file_type_mismatch: 'The file is not what its name says.',
    payload_too_large: 'That is too large.',
    rate_limited: {
      one: 'That was too often. Try again in a second.',
      other: 'That was too often. Try again in {n} seconds.'
    },
    internal: 'The server made a mistake. Try again.',
    overloaded: 'The server is too busy right now. Try again in a moment.',
    unavailable: 'The server cannot do this right now. Try again in a moment.'
  },
  app: {
    backToList: 'Back to conversations'
  },
  presence: {
    online: 'Online',
    away: 'Away',
    offline: 'Offline'
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
