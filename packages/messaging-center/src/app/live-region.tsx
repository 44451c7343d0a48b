import { useCallback, useRef, useState } from 'preact/hooks'

interface Announcement {
  id: number
  text: string
}

/** So long each is there to be read out; what comes meanwhile is read out after it. */
const KEPT_MS = 5_000

export function useAnnouncements() {
  const [announcements, set] = useState<readonly Announcement[]>([])
  const last = useRef(0)
  const announce = useCallback((text: string) => {
    const id = ++last.current
    set((now) => [...now, { id, text }])
    setTimeout(() => set((now) => now.filter((one) => one.id !== id)), KEPT_MS)
  }, [])
  return { announcements, announce }
}

/** Read out when the reader is done with what it is at; seen by nobody. */
export function LiveRegion({ announcements }: { announcements: readonly Announcement[] }) {
  return (
    <div class="unseen" role="log" aria-live="polite" aria-relevant="additions">
      {announcements.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
