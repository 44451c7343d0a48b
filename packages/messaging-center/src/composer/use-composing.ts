import { useCallback, useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { usePane } from '../messages/pane-context.ts'
import { errorText } from '../strings/error-text.ts'
import type { DraftPlace } from './drafts.ts'
import { ATTACHMENTS_PER_MESSAGE, roomLeft } from './limits.ts'
import { typingNotice } from './typing-notice.ts'
import type { Upload } from './uploads.ts'
import { type DraftInUse, useDraft } from './use-draft.ts'
import { type EditInUse, useEdit } from './use-edit.ts'
import { useSending } from './use-sending.ts'

export interface Composing {
  draft: DraftInUse
  edit: EditInUse
  files: readonly Upload[]
  /** Of what is edited, else of the draft. */
  body: string
  /** Characters that there is room for, where that is nearly over. */
  left: number | undefined
  /** It is sent as soon as its files are there. */
  waiting: boolean
  /** Why it is not sent or saved. */
  problem: string | undefined
  write(body: string): void
  submit(): void
  addFiles(files: readonly File[]): void
  stopTyping(): void
  /** Leaves off what is most recent; false where there is nothing. */
  leaveOff(): boolean
  /** Edits my last message; false where something is written, or there is none. */
  editLast(): boolean
}

/** Writing in one place: a draft, or the edit of a message while there is one. */
export function useComposing(place: DraftPlace): Composing {
  const { announce, me } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const pane = usePane()
  const draft = useDraft(place)
  const edit = useEdit()
  const files = useStore(draft.uploads)
  const [problem, setProblem] = useState<string>()
  const typing = useTyping(place)
  const fine = () => setProblem(undefined)
  const sending = useSending(draft, () => {
    typing.stopped()
    fine()
  })
  useReplyGone(() => setProblem(t('composer.replyGone')))
  const body = edit.message ? edit.body : draft.body
  const left = roomLeft(body)
  const over = left !== undefined && left < 0 ? -left : 0
  useEffect(() => {
    if (over > 0) announce(t('composer.tooLong', { n: over }))
  }, [over > 0])

  const save = () => {
    if (body.trim() === '' && body !== edit.message?.body) return setProblem(t('composer.emptyEdit'))
    void edit.save()
  }
  const addFiles = useCallback((chosen: readonly File[]) => {
    if (chosen.length === 0) return
    const others = draft.uploads.add(chosen)
    setProblem(others > 0 ? t('composer.tooManyFiles', { n: ATTACHMENTS_PER_MESSAGE }) : undefined)
  }, [])
  return {
    draft,
    edit,
    files,
    body,
    left,
    waiting: sending.waiting,
    problem: edit.error === undefined ? problem : errorText(strings, edit.error),
    addFiles,
    stopTyping: typing.stopped,
    submit() {
      fine()
      if (over > 0) setProblem(t('composer.tooLong', { n: over }))
      else if (edit.message) save()
      else sending.send(setProblem)
    },
    write(value) {
      fine()
      if (edit.message) return edit.setBody(value)
      draft.setBody(value)
      // Threads have no place where it would be shown.
      if (pane.thread_id) return
      if (value.trim()) typing.typed()
      else typing.stopped()
    },
    leaveOff() {
      if (sending.waiting) sending.stop()
      else if (edit.message) edit.cancel()
      else if (pane.replyingTo) pane.replyTo(undefined)
      else return false
      fine()
      return true
    },
    editLast() {
      if (edit.message || draft.body !== '' || files.length > 0) return false
      const { messages } = pane.messages.get()
      const mine = messages.findLast(
        ({ sender, deleted_at, forwarded_from }) =>
          sender.id === me.id && deleted_at === null && !forwarded_from
      )
      if (mine) pane.edit(mine)
      return mine !== undefined
    }
  }
}

function useTyping({ conversation_id }: DraftPlace) {
  const { client } = useCenter()
  const [typing] = useState(() => typingNotice((on) => client.conversation(conversation_id).typing(on)))
  useEffect(() => typing.stopped, [])
  return typing
}

/** What is deleted cannot be answered. */
function useReplyGone(gone: () => void): void {
  const { client } = useCenter()
  const { conversation, replyingTo, replyTo } = usePane()
  const id = replyingTo?.id
  useEffect(
    () =>
      client.conversation(conversation.id).on('message_deleted', ({ message_id }) => {
        if (message_id !== id) return
        replyTo(undefined)
        gone()
      }),
    [client, conversation.id, id]
  )
}
