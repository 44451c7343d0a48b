import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { usePane } from '../messages/pane-context.ts'
import { errorText } from '../strings/error-text.ts'
import { AboutBar } from './about-bar.tsx'
import { ComposerBar } from './composer-bar.tsx'
import { ComposerText } from './composer-text.tsx'
import type { DraftPlace } from './drafts.ts'
import { DropZone } from './drop-zone.tsx'
import { applyChange, type TextChange } from './formatting.ts'
import { ATTACHMENTS_PER_MESSAGE, roomLeft } from './limits.ts'
import { typingNotice } from './typing-notice.ts'
import { UploadTray } from './upload-tray.tsx'
import { useDraft } from './use-draft.ts'
import { useEdit } from './use-edit.ts'

/** The composer of one place. */
export function ComposerForm({ place }: { place: DraftPlace }) {
  const { client, me, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const pane = usePane()
  const draft = useDraft(place)
  const edit = useEdit()
  const files = useStore(draft.uploads)
  const text = useRef<HTMLTextAreaElement>(null)
  const root = useRef<HTMLDivElement>(null)
  /** Why it is not sent. */
  const [problem, setProblem] = useState<string>()
  /** It is sent as soon as its files are there. */
  const [waiting, setWaiting] = useState(false)
  const conversation = client.conversation(place.conversation_id)
  const [typing] = useState(() => typingNotice((on) => conversation.typing(on)))
  useEffect(() => typing.stopped, [])

  const body = edit.message ? edit.body : draft.body
  const left = roomLeft(body)
  const over = left !== undefined && left < 0 ? -left : 0
  useEffect(() => {
    if (over > 0) announce(t('composer.tooLong', { n: over }))
  }, [over > 0])
  const isUploading = files.some(({ state }) => state === 'uploading')
  const refuse = (reason: string) => {
    setProblem(reason)
    setWaiting(false)
    text.current?.focus()
  }

  const send = () => {
    const said = draft.body.trimEnd()
    if (over > 0) return refuse(t('composer.tooLong', { n: over }))
    if (files.some(({ state }) => state === 'failed')) return refuse(t('composer.fileFailed'))
    if (said.trim() === '' && files.length === 0) return text.current?.focus()
    if (isUploading) {
      setWaiting(true)
      setProblem(undefined)
      announce(t('composer.waiting'))
      return
    }
    const attachment_ids = draft.uploads.take().map(({ id }) => id)
    conversation.send({
      ...(said.trim() ? { body: said } : {}),
      ...(attachment_ids.length > 0 ? { attachment_ids } : {}),
      ...(pane.replyingTo ? { reply_to_id: pane.replyingTo.id } : {}),
      ...(pane.thread_id ? { thread_id: pane.thread_id } : {})
    })
    typing.stopped()
    draft.clear()
    setWaiting(false)
    setProblem(undefined)
  }
  const latestSend = useRef(send)
  latestSend.current = send
  useEffect(() => {
    if (waiting && !isUploading) latestSend.current()
  }, [waiting, isUploading])

  const save = () => {
    if (over > 0) return refuse(t('composer.tooLong', { n: over }))
    if (body.trim() === '' && !edit.message?.attachments) return refuse(t('composer.emptyEdit'))
    setProblem(undefined)
    void edit.save().then(() => text.current?.focus())
  }
  const submit = () => (edit.message ? save() : send())

  const write = (value: string) => {
    setProblem(undefined)
    if (edit.message) return edit.setBody(value)
    draft.setBody(value)
    // Threads have no place where it would be shown.
    if (pane.thread_id) return
    if (value.trim()) typing.typed()
    else typing.stopped()
  }
  const change = (make: (value: string, area: HTMLTextAreaElement) => TextChange) => {
    const area = text.current
    if (area) applyChange(area, make(area.value, area))
  }
  const addFiles = useCallback((chosen: readonly File[]) => {
    if (chosen.length === 0) return
    const leftOver = draft.uploads.add(chosen)
    setProblem(leftOver > 0 ? t('composer.tooManyFiles', { n: ATTACHMENTS_PER_MESSAGE }) : undefined)
    text.current?.focus()
  }, [])

  /** Leaves off what is most recent; false where there is nothing. */
  const leaveOff = () => {
    if (waiting) setWaiting(false)
    else if (edit.message) edit.cancel()
    else if (pane.replyingTo) pane.replyTo(undefined)
    else return false
    setProblem(undefined)
    return true
  }
  const editLast = () => {
    if (edit.message || draft.body !== '' || files.length > 0) return false
    const mine = pane.messages
      .get()
      .messages.findLast(
        ({ sender, deleted_at, forwarded_from }) =>
          sender.id === me.id && deleted_at === null && !forwarded_from
      )
    if (mine) pane.edit(mine)
    return mine !== undefined
  }

  // Whoever chose to answer or to edit wants to write.
  const about = edit.message ?? pane.replyingTo
  const restored = useRef(draft.restored_reply_id)
  useLayoutEffect(() => {
    const area = text.current
    if (!about || !area) return
    const isRestored = about.id === restored.current
    restored.current = undefined
    if (isRestored) return
    area.focus()
    area.setSelectionRange(area.value.length, area.value.length)
  }, [about?.id, edit.message?.id])

  const failure = edit.error === undefined ? problem : errorText(strings, edit.error)
  return (
    <div class="composer" ref={root}>
      {!edit.message && <DropZone within={root} onFiles={addFiles} />}
      <form
        class="composer-box"
        aria-label={t('composer.title')}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {edit.message && <AboutBar as="edit" message={edit.message} onCancel={leaveOff} />}
        {!edit.message && pane.replyingTo && (
          <AboutBar as="reply" message={pane.replyingTo} onCancel={leaveOff} />
        )}
        {!edit.message && <UploadTray uploads={draft.uploads} />}
        <ComposerText
          area={text}
          value={body}
          busy={edit.saving}
          onInput={write}
          onChange={change}
          onSubmit={submit}
          onLeaveOff={leaveOff}
          onEditLast={editLast}
          onFiles={edit.message ? undefined : addFiles}
          onBlur={typing.stopped}
        />
        <ComposerBar
          editing={edit.message !== undefined}
          busy={edit.saving || waiting}
          empty={body.trim() === '' && files.length === 0}
          left={left}
          onFiles={addFiles}
          onChange={change}
        />
        <p class="composer-note" role="status">
          {failure ? (
            <span class="composer-problem">{failure}</span>
          ) : waiting ? (
            t('composer.waiting')
          ) : undefined}
        </p>
      </form>
    </div>
  )
}
