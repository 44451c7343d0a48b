import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../design/button.tsx'
import { errorText } from '../strings/error-text.ts'
import { useStrings } from './context.ts'
import type { Pages } from './use-pages.ts'

/** The end of a list that comes in pages: reads on when it comes into view, and by its button. */
export function LoadMore({
  pages: { more, error },
  loadMore
}: {
  pages: Pick<Pages<unknown>, 'more' | 'error'>
  loadMore: () => void
}) {
  const strings = useStrings()
  const end = useRef<HTMLDivElement>(null)
  const next = useRef(loadMore)
  next.current = loadMore
  useEffect(() => {
    if (more !== 'there' || !end.current) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) next.current()
      },
      { rootMargin: '400px' }
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [more])
  if (more === 'none') return null
  return (
    <div ref={end} class="load-more">
      {more === 'failed' && <p role="alert">{errorText(strings, error)}</p>}
      <Button look="quiet" busy={more === 'loading'} onClick={loadMore}>
        {strings.t(
          more === 'loading' ? 'common.loading' : more === 'failed' ? 'common.retry' : 'common.more'
        )}
      </Button>
    </div>
  )
}
