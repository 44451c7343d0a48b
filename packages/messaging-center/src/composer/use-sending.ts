import { useEffect, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { usePane } from '../messages/pane-context.ts'
import type { DraftInUse } from './use-draft.ts'

export interface SendingInUse {
  /** It is sent as soon as its files are there. */
  waiting: boolean
  /** Sends what there is, once its files are there; `refuse` is told why not. */
  send(refuse: (reason: string) => void): void
  /** Does not wait any more. */
  stop(): void
}

/** Sends a draft with its files to where its pane is. */
export function useSending(draft: DraftInUse, sent: () => void): SendingInUse {
  const { client, announce } = useCenter()
  const { t } = useStrings()
  const { conversation, thread_id, replyingTo } = usePane()
  const files = useStore(draft.uploads)
  const [waiting, setWaiting] = useState(false)
  const isUploading = files.some(({ state }) => state === 'uploading')

  const send = (refuse: (reason: string) => void) => {
    const body = draft.body.trimEnd()
    if (files.some(({ state }) => state === 'failed')) {
      setWaiting(false)
      return refuse(t('composer.fileFailed'))
    }
    if (body.trim() === '' && files.length === 0) return setWaiting(false)
    if (isUploading) {
      setWaiting(true)
      return announce(t('composer.waiting'))
    }
    const attachment_ids = draft.uploads.take().map(({ id }) => id)
    client.conversation(conversation.id).send({
      ...(body.trim() ? { body } : {}),
      ...(attachment_ids.length > 0 ? { attachment_ids } : {}),
      ...(replyingTo ? { reply_to_id: replyingTo.id } : {}),
      ...(thread_id ? { thread_id } : {})
    })
    draft.clear()
    setWaiting(false)
    sent()
  }
  const latest = useRef(send)
  latest.current = send
  const refuseLater = useRef<(reason: string) => void>(() => undefined)
  useEffect(() => {
    if (waiting && !isUploading) latest.current(refuseLater.current)
  }, [waiting, isUploading])

  return {
    waiting,
    send(refuse) {
      refuseLater.current = refuse
      send(refuse)
    },
    stop: () => setWaiting(false)
  }
}
