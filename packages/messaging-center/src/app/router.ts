import type { Store } from '@parley/client/stores'
import { formatRoute, parseRoute, type Route } from './route.ts'

export interface Router extends Store<Route> {
  /** The page is the messaging center alone: its address and its title are ours. */
  owns_page: boolean
  /** Goes there; `replace` leaves nothing for Back to go back to. */
  go(route: Route, options?: { replace?: boolean }): void
}

/** Routes in the page's address: for a page that is the messaging center alone. */
export function hashRouter(): Router {
  let hash = location.hash
  let route = parseRoute(hash)
  return {
    owns_page: true,
    get() {
      // The address may change while nobody listens: before somebody is signed in, for instance.
      if (location.hash !== hash) {
        hash = location.hash
        route = parseRoute(hash)
      }
      return route
    },
    subscribe(listener) {
      const changed = () => {
        hash = location.hash
        route = parseRoute(hash)
        listener()
      }
      addEventListener('popstate', changed)
      addEventListener('parley-route', changed)
      return () => {
        removeEventListener('popstate', changed)
        removeEventListener('parley-route', changed)
      }
    },
    go(to, { replace = false } = {}) {
      const address = formatRoute(to)
      // Twice to the same place is one step back.
      const stays = replace || address === formatRoute(route)
      history[stays ? 'replaceState' : 'pushState'](null, '', address)
      dispatchEvent(new Event('parley-route'))
    }
  }
}

/** Routes that nobody sees: for an element within somebody else's page. */
export function memoryRouter(): Router {
  let route: Route = { at: 'home' }
  const listeners = new Set<() => void>()
  return {
    owns_page: false,
    get: () => route,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    go(to) {
      route = to
      for (const listener of listeners) listener()
    }
  }
}
