import { type RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { Icon } from '../design/icon.tsx'

interface Props {
  /** Something within the pane that takes files. */
  within: RefObject<HTMLElement | null>
  onFiles(files: readonly File[]): void
}

/** Files that are dropped anywhere on the pane; shows where they can be while they are dragged. */
export function DropZone({ within, onFiles }: Props) {
  const { t } = useStrings()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const pane = within.current?.parentElement
    if (!pane) return
    const listening = new AbortController()
    const listen = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      listener: (event: DragEvent) => void
    ) => pane.addEventListener(type, listener, { signal: listening.signal })
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    listen('dragenter', drag)
    listen('dragover', drag)
    listen('dragleave', (event) => {
      const to = event.relatedTarget
      if (!(to instanceof Node && pane.contains(to))) setOver(false)
    })
    listen('drop', (event) => {
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      onFiles(files)
    })
    return () => listening.abort()
  }, [onFiles])
  if (!over) return null
  return (
    <div class="composer-drop" aria-hidden="true">
      <p>
        <Icon name="attach" />
        {t('composer.drop')}
      </p>
    </div>
  )
}
