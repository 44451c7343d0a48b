import { NotFoundError } from '@parley/client'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { usePane } from '../messages/pane-context.ts'
import { beginDrafts, type DraftPlace, readDraft, writeDraft } from './drafts.ts'
import { ATTACHMENTS_UNSENT_MS } from './limits.ts'
import { type Uploads, uploadsOf } from './uploads.ts'

export interface DraftInUse {
  body: string
  setBody(body: string): void
  uploads: Uploads
  /** What it answers by itself, as it was left: nobody has just chosen to. */
  restored_reply_id: string | undefined
  /** It was sent. */
  clear(): void
}

const SETTLE_MS = 400

/** What is being written in a pane, as it was left: its text, what it answers, and the files that were uploaded. */
export function useDraft(place: DraftPlace): DraftInUse {
  const { client } = useCenter()
  const pane = usePane()
  const [earlier] = useState(() => {
    beginDrafts(place.user_id)
    return readDraft(place)
  })
  const [body, setBody] = useState(earlier?.body ?? '')
  const [uploads] = useState(() => uploadsOf(client, `${place.conversation_id} ${place.thread_id ?? ''}`))
  useState(() => {
    if (earlier?.attachments) uploads.restore(earlier.attachments, isStale(earlier.attached_at))
  })
  const files = useStore(uploads)
  const reply_to_id = useReplyTarget(place, earlier?.reply_to_id)

  const attachments = files.flatMap(({ attachment }) => attachment ?? [])
  const since = useRef(earlier?.attached_at)
  since.current = attachments.length > 0 ? (since.current ?? Date.now()) : undefined
  const now = {
    body,
    ...(reply_to_id ? { reply_to_id } : {}),
    ...(since.current === undefined ? {} : { attachments, attached_at: since.current })
  }
  const latest = useRef(now)
  latest.current = now
  useEffect(() => {
    const timer = setTimeout(() => writeDraft(place, latest.current), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [body, reply_to_id, attachments.length])
  useEffect(() => {
    const keep = () => writeDraft(place, latest.current)
    addEventListener('pagehide', keep)
    return () => {
      removeEventListener('pagehide', keep)
      keep()
    }
  }, [])

  return {
    body,
    setBody,
    uploads,
    restored_reply_id: earlier?.reply_to_id,
    clear() {
      setBody('')
      if (pane.replyingTo) pane.replyTo(undefined)
      latest.current = { body: '' }
      writeDraft(place, latest.current)
    }
  }
}

/** The id of what is answered: that of an earlier draft until it has been read, or is gone. */
function useReplyTarget({ conversation_id }: DraftPlace, earlier: string | undefined): string | undefined {
  const { client } = useCenter()
  const { replyingTo, replyTo } = usePane()
  const [wanted, setWanted] = useState(earlier)
  const isTaken = replyingTo !== undefined
  useEffect(() => {
    if (isTaken) setWanted(undefined)
    if (wanted === undefined || isTaken) return
    let over = false
    const read = async () => {
      try {
        const path = 'GET conversations/{conversation_id}/messages/{message_id}/'
        const message = await client.rest(path, { conversation_id, message_id: wanted })
        if (over) return
        if (message.deleted_at === null) replyTo(message)
        setWanted(undefined)
      } catch (error) {
        if (error instanceof NotFoundError && !over) setWanted(undefined)
      }
    }
    void read()
    const off = client.on('state', ({ status }) => status === 'online' && void read())
    return () => {
      over = true
      off()
    }
  }, [wanted, isTaken])
  return replyingTo?.id ?? wanted
}

/** Files that were uploaded and not sent are swept. */
function isStale(attached_at = 0): boolean {
  return Date.now() - attached_at > ATTACHMENTS_UNSENT_MS
}
