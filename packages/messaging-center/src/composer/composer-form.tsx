import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'
import { AboutBar } from './about-bar.tsx'
import { ComposerBar } from './composer-bar.tsx'
import { ComposerText } from './composer-text.tsx'
import type { DraftPlace } from './drafts.ts'
import { DropZone } from './drop-zone.tsx'
import { applyChange, type TextChange } from './formatting.ts'
import { UploadTray } from './upload-tray.tsx'
import { type Composing, useComposing } from './use-composing.ts'
import { usePlaceholder } from './use-placeholder.ts'

/** The composer of one place. */
export function ComposerForm({ place }: { place: DraftPlace }) {
  const about = usePlaceholder()
  const { replyingTo } = usePane()
  const composing = useComposing(place)
  const { draft, edit, body, waiting, leaveOff } = composing
  const text = useRef<HTMLTextAreaElement>(null)
  const root = useRef<HTMLDivElement>(null)
  useFocusOnAbout(text, composing)
  const submit = () => {
    composing.submit()
    text.current?.focus()
  }
  const addFiles = (files: readonly File[]) => {
    composing.addFiles(files)
    text.current?.focus()
  }
  const change = (make: (value: string, area: HTMLTextAreaElement) => TextChange) => {
    const area = text.current
    if (area) applyChange(area, make(area.value, area))
  }
  return (
    <div class="composer" ref={root}>
      {!edit.message && <DropZone within={root} onFiles={composing.addFiles} />}
      <form
        class="composer-box"
        aria-label={about}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {edit.message ? (
          <AboutBar as="edit" message={edit.message} onCancel={leaveOff} />
        ) : (
          <>
            {replyingTo && <AboutBar as="reply" message={replyingTo} onCancel={leaveOff} />}
            <UploadTray uploads={draft.uploads} />
          </>
        )}
        <ComposerText
          area={text}
          value={body}
          busy={edit.saving}
          onInput={composing.write}
          onChange={change}
          onSubmit={submit}
          onLeaveOff={leaveOff}
          onEditLast={composing.editLast}
          onFiles={edit.message ? undefined : addFiles}
          onBlur={composing.stopTyping}
        />
        <ComposerBar
          editing={edit.message !== undefined}
          busy={edit.saving || waiting}
          empty={body.trim() === '' && composing.files.length === 0}
          left={composing.left}
          onFiles={addFiles}
          onChange={change}
        />
        <Note composing={composing} />
      </form>
    </div>
  )
}

function Note({ composing: { problem, waiting } }: { composing: Composing }) {
  const { t } = useStrings()
  return (
    <p class="composer-note" role="status">
      {problem ? (
        <span class="composer-problem">{problem}</span>
      ) : waiting ? (
        t('composer.waiting')
      ) : undefined}
    </p>
  )
}

/** Whoever chose to answer or to edit wants to write; not who came back to what they had left. */
function useFocusOnAbout(text: RefObject<HTMLTextAreaElement | null>, { draft, edit }: Composing): void {
  const { replyingTo } = usePane()
  const about = edit.message ?? replyingTo
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
}
