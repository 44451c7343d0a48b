import type { Store } from '@parley/client/stores'
import type { Message } from '@parley/contracts'
import { useCallback } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { Icon } from '../design/icon.tsx'
import { plainText } from '../text/parse-text.ts'
import { useList } from './list-context.ts'
import { useInWindow } from './use-in-window.ts'

const LENGTH = 200

/** What a message answers: one line of it, which leads there. */
export function ReplyQuote({ message_id, tabIndex }: { message_id: string; tabIndex: number }) {
  const { t } = useStrings()
  const here = useInWindow(message_id)
  const { quoted } = useList()
  return here ? (
    <Quote message={here} tabIndex={tabIndex} />
  ) : (
    <FetchedQuote store={quoted(message_id)} tabIndex={tabIndex} waiting={t('common.loading')} />
  )
}

function FetchedQuote(props: {
  store: Store<Message | null | undefined>
  tabIndex: number
  waiting: string
}) {
  const { t } = useStrings()
  const message = useStore(props.store)
  if (message) return <Quote message={message} tabIndex={props.tabIndex} />
  return (
    <p class="reply-quote">
      <Icon name="reply" />
      <span class="reply-quote-text">{message === null ? t('messages.quoteGone') : props.waiting}</span>
    </p>
  )
}

function Quote({ message, tabIndex }: { message: Message; tabIndex: number }) {
  const { t } = useStrings()
  const go = useGoTo()
  const { sender, body, attachments, deleted_at } = message
  const words = plainText((body ?? '').slice(0, LENGTH)) || attachments?.map(({ name }) => name).join(', ')
  return (
    <button type="button" class="reply-quote" tabIndex={tabIndex} onClick={() => go(message)}>
      <Icon name="reply" />
      <span class="unseen">{t('messages.quoteOf')} </span>
      <bdi class="reply-quote-name">{sender.display_name}</bdi>
      <span class="reply-quote-text" dir="auto">
        {deleted_at === null ? words : t('messages.deleted')}
      </span>
    </button>
  )
}

/** Shows another message of the conversation: in this list, or where it stands. */
function useGoTo(): (message: Message) => void {
  const { router } = useCenter()
  const { conversation_id, thread_id, jumpTo } = useList()
  return useCallback(
    ({ id, seq, thread_id: thread }: Message) => {
      if (thread === thread_id || (thread_id !== undefined && id === thread_id)) return jumpTo(seq)
      const place = { at: 'conversation', id: conversation_id, message: seq } as const
      router.go(thread === undefined ? place : { ...place, thread })
    },
    [router, conversation_id, thread_id, jumpTo]
  )
}
