import type { HTMLAttributes } from 'preact'
import { useCenter } from './context.ts'
import { formatRoute, type Route } from './route.ts'

export interface PlaceLinkProps extends HTMLAttributes<HTMLElement> {
  to: Route
}

/** Leads to a place: a link where places have addresses, and a button within somebody else's page. */
export function PlaceLink({ to, children, ...rest }: PlaceLinkProps) {
  const { router } = useCenter()
  if (!router.owns_page)
    return (
      <button type="button" {...(rest as object)} onClick={() => router.go(to)}>
        {children}
      </button>
    )
  return (
    <a
      {...(rest as object)}
      href={formatRoute(to)}
      onClick={(event: MouseEvent) => {
        // With a key held it opens elsewhere, as any link.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        router.go(to)
      }}
    >
      {children}
    </a>
  )
}
