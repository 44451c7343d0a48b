import { useEffect } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { plainText } from '../text/parse-text.ts'
import type { Pane } from './pane-context.ts'

/** What is older comes from a replay, and was not said just now. */
const JUST_NOW_MS = 20_000
/** What comes within this time is spoken together. */
const GATHER_MS = 600
const LENGTH = 160

/**
 * Says new messages of others to screen readers. The list itself is no live region: it would speak pages that are loaded, one's own
 * messages and every reaction.
 */
export function useAnnouncing({ conversation: { id }, thread_id }: Pane): void {
  const { client, me, announce } = useCenter()
  const { t } = useStrings()
  useEffect(() => {
    let said: string[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const speak = () => {
      announce(said.length > 2 ? t('messages.saidMany', { n: said.length }) : said.join('. '))
      said = []
    }
    const off = client.conversation(id).on('message', ({ message }) => {
      const { sender, body, attachments, deleted_at, created_at } = message
      if (sender.id === me.id || deleted_at !== null || message.thread_id !== thread_id) return
      if (Date.now() - Date.parse(created_at) > JUST_NOW_MS) return
      const words =
        plainText((body ?? '').slice(0, 4 * LENGTH)) || t('messages.files', { n: attachments?.length ?? 0 })
      const text = words.length > LENGTH ? `${words.slice(0, LENGTH)}…` : words
      said.push(t('messages.said', { name: sender.display_name, text }))
      clearTimeout(timer)
      timer = setTimeout(speak, GATHER_MS)
    })
    return () => {
      off()
      clearTimeout(timer)
    }
  }, [client, id, thread_id, me.id, announce, t])
}
