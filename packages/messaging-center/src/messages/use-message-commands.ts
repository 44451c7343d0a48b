import type { Message } from '@parley/contracts'
import { useCenter, useStrings } from '../app/context.ts'
import { formatRoute } from '../app/route.ts'
import { rememberEmoji } from '../emoji/recent-emoji.ts'
import { errorText } from '../strings/error-text.ts'
import { copyText } from './copy-text.ts'
import { type CommandId, commandsFor } from './message-commands.ts'
import { usePane } from './pane-context.ts'
import { toggleReaction } from './react.ts'

/** What asks or shows something first. */
export type Asking = 'react' | 'forward' | 'seen' | 'versions' | 'report' | 'delete'

export interface MessageCommands {
  commands: readonly CommandId[]
  run(command: CommandId): void
  react(emoji: string): void
}

/** Carries out what can be done with a message; `ask` opens what comes before. What goes wrong is told. */
export function useMessageCommands(message: Message, ask: (what: Asking) => void): MessageCommands {
  const { client, me, router, announce, notify } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const pane = usePane()
  const { id, conversation_id } = message
  const conversation = client.conversation(conversation_id)
  const attempt = async (done: string, what: () => Promise<unknown>) => {
    try {
      await what()
      announce(done)
    } catch (error) {
      notify({ text: errorText(strings, error) })
    }
  }
  const copy = async (text: string) => {
    try {
      await copyText(text)
      notify({ text: t('actions.copied') })
    } catch {
      notify({ text: t('actions.notCopied') })
    }
  }
  const openThread = () => {
    const { thread_id, seq } = message
    const thread = thread_id ? { thread: thread_id, message: seq } : { thread: id }
    router.go({ at: 'conversation', id: conversation_id, ...thread })
  }
  const runs: Record<Exclude<CommandId, Asking>, () => void> = {
    reply: () => pane.replyTo(message),
    thread: openThread,
    edit: () => pane.edit(message),
    copyText: () => void copy(message.body ?? ''),
    copyLink: () => {
      const route = { at: 'conversation', id: conversation_id, message: message.seq } as const
      void copy(new URL(formatRoute(route), location.href).href)
    },
    pin: () => void attempt(t('actions.pinned'), () => conversation.pin(id)),
    unpin: () => void attempt(t('actions.unpinned'), () => conversation.unpin(id))
  }
  const isHere = (command: CommandId) =>
    !(command === 'thread' && pane.thread_id) && !(command === 'copyLink' && !router.owns_page)
  return {
    commands: commandsFor(message, pane.conversation, me).filter(isHere),
    run: (command) => (command in runs ? runs[command as keyof typeof runs]() : ask(command as Asking)),
    react(emoji) {
      rememberEmoji(me.id, emoji)
      void attempt(t('actions.reacted', { emoji }), () => toggleReaction(client, message, emoji))
    }
  }
}
