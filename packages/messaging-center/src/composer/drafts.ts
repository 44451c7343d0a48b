import type { Attachment } from '@parley/contracts'

/** What was begun and not sent. */
export interface Draft {
  body: string
  reply_to_id?: string
  /** Files that are uploaded already. */
  attachments?: readonly Attachment[]
  /** Since when, in milliseconds since 1970. */
  attached_at?: number
}

/** Whose it is, and where it would go: a conversation, or a thread of it by its root. */
export interface DraftPlace {
  user_id: string
  conversation_id: string
  thread_id?: string | undefined
}

/** Happens on the window after a draft has changed, `detail` being its {@link DraftPlace}. */
export const DRAFT_EVENT = 'parley-draft'

type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export function readDraft(place: DraftPlace, storage: DraftStorage | undefined = own()): Draft | undefined {
  const text = storage?.getItem(keyOf(place)) ?? null
  if (text === null) return undefined
  try {
    const draft: unknown = JSON.parse(text)
    return isDraft(draft) ? draft : undefined
  } catch {
    return undefined
  }
}

/** Who has signed out: a composer that closes behind them has nothing to keep. */
const over = new Set<string>()

/** From now on drafts of this user are kept. */
export function beginDrafts(user_id: string): void {
  over.delete(user_id)
}

/** Keeps a draft; an empty one is taken away. */
export function writeDraft(place: DraftPlace, draft: Draft, storage: DraftStorage | undefined = own()): void {
  if (!storage || over.has(place.user_id)) return
  const key = keyOf(place)
  const isEmpty = draft.body.trim() === '' && !draft.reply_to_id && !draft.attachments?.length
  const text = isEmpty ? null : JSON.stringify(draft)
  if (storage.getItem(key) === text) return
  try {
    if (text === null) storage.removeItem(key)
    else storage.setItem(key, text)
  } catch {
    // No room: it is still in the composer.
    return
  }
  globalThis.dispatchEvent?.(new CustomEvent(DRAFT_EVENT, { detail: place }))
}

/** Takes all drafts of one user away, and keeps none until they begin again: when they sign out. */
export function clearDrafts(user_id: string, storage: DraftStorage | undefined = own()): void {
  over.add(user_id)
  if (!storage) return
  const keys = Array.from({ length: storage.length }, (_, n) => storage.key(n))
  for (const key of keys) if (key?.startsWith(`${PREFIX}${user_id}.`)) storage.removeItem(key)
}

const PREFIX = 'parley.draft.'

/** Where it is switched off there is none, and a draft lasts as long as its composer. */
function own(): DraftStorage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

function keyOf({ user_id, conversation_id, thread_id }: DraftPlace): string {
  return `${PREFIX}${user_id}.${conversation_id}${thread_id === undefined ? '' : `.${thread_id}`}`
}

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'body' in value && typeof value.body === 'string'
}
