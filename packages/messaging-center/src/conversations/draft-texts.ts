import { createStore, type Store } from '@parley/client/stores'
import { DRAFT_EVENT, type DraftPlace, readDraft } from '../composer/drafts.ts'

/** What was begun in a conversation and not sent; empty where that is files only, undefined where nothing was. */
export function draftText(user_id: string, conversation_id: string): Store<string | undefined> {
  const read = () => readKept({ user_id, conversation_id })
  return createStore<string | undefined>(read(), (set) => {
    const look = () => set(read)
    const here = (event: Event) => {
      const { detail } = event as CustomEvent<DraftPlace>
      if (detail.conversation_id === conversation_id) look()
    }
    const elsewhere = ({ key }: StorageEvent) => {
      if (key === null || key.includes(conversation_id)) look()
    }
    addEventListener(DRAFT_EVENT, here)
    addEventListener('storage', elsewhere)
    look()
    return () => {
      removeEventListener(DRAFT_EVENT, here)
      removeEventListener('storage', elsewhere)
    }
  })
}

function readKept(place: DraftPlace): string | undefined {
  try {
    return readDraft(place)?.body
  } catch {
    // Storage is off: there are none.
    return undefined
  }
}
