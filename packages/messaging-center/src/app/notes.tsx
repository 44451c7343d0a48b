import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Button, IconButton } from '../design/button.tsx'
import { type Note, useStrings } from './context.ts'

interface ShownNote extends Note {
  id: number
}

/** So long a note is there, unless somebody is at it: longer where something can be done. */
const SHOWN_MS = 6_000
const ACTION_MS = 12_000
/** The oldest goes when there are more. */
const MOST = 3

export function useNotes(announce: (text: string) => void) {
  const [notes, set] = useState<readonly ShownNote[]>([])
  const last = useRef(0)
  const dismiss = useCallback((id: number) => set((now) => now.filter((one) => one.id !== id)), [])
  const notify = useCallback(
    (note: Note) => {
      const id = ++last.current
      // The same again is the same.
      set((now) => [...now.filter(({ text }) => text !== note.text), { ...note, id }].slice(-MOST))
      announce(note.text)
    },
    [announce]
  )
  return { notes, notify, dismiss }
}

/** Over everything, dialogs too. Read out by the live region, so nothing here is. */
export function Notes({ notes, dismiss }: { notes: readonly ShownNote[]; dismiss: (id: number) => void }) {
  const { t } = useStrings()
  const ref = useRef<HTMLElement>(null)
  const newest = notes.at(-1)?.id
  useLayoutEffect(() => {
    const element = ref.current
    if (!element?.showPopover) return
    // Shown again it is above what was opened since.
    if (element.matches(':popover-open')) element.hidePopover()
    if (newest !== undefined) element.showPopover()
  }, [newest])
  return (
    <section ref={ref} class="notes" popover="manual" aria-label={t('app.notes')}>
      {notes.map((note) => (
        <PassingNote key={note.id} note={note} dismiss={dismiss} />
      ))}
    </section>
  )
}

function PassingNote({ note, dismiss }: { note: ShownNote; dismiss: (id: number) => void }) {
  const { t } = useStrings()
  const [held, setHeld] = useState(false)
  const { id, text, action } = note
  useLayoutEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(id), action ? ACTION_MS : SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, id, dismiss])
  return (
    <div
      class="note"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        dismiss(id)
      }}
    >
      <p class="note-text" dir="auto">
        {text}
      </p>
      {action && (
        <Button
          look="quiet"
          onClick={() => {
            dismiss(id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label={t('common.close')} onClick={() => dismiss(id)} />
    </div>
  )
}
