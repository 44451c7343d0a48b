/** Where one is: what a link leads to, and what Back goes back to. */
export type Route =
  | { at: 'home' }
  /** `message` is a seq that is shown and marked; `thread` the id of a root whose thread is open beside. */
  | { at: 'conversation'; id: string; message?: number; thread?: string; panel?: Panel }
  | { at: 'discover' }
  | { at: 'settings' }

/** What is open beside a conversation. */
export type Panel = 'members' | 'pins' | 'threads' | 'search'

const panels: readonly string[] = ['members', 'pins', 'threads', 'search'] satisfies Panel[]

/** `#/c/<id>?m=12&t=<root>&p=members`, `#/discover`, `#/settings`; anything else is home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [first, id] = path.split('/')
  if (first === 'settings') return { at: 'settings' }
  if (first === 'discover') return { at: 'discover' }
  if (first !== 'c' || !id) return { at: 'home' }
  const params = new URLSearchParams(query)
  const message = Number(params.get('m'))
  const thread = params.get('t')
  const panel = params.get('p')
  return {
    at: 'conversation',
    id: decodeURIComponent(id),
    ...(Number.isSafeInteger(message) && message > 0 ? { message } : {}),
    ...(thread ? { thread } : {}),
    ...(panel && panels.includes(panel) ? { panel: panel as Panel } : {})
  }
}

export function formatRoute(route: Route): string {
  if (route.at === 'home') return '#/'
  if (route.at !== 'conversation') return `#/${route.at}`
  const params = new URLSearchParams()
  if (route.message) params.set('m', String(route.message))
  if (route.thread) params.set('t', route.thread)
  if (route.panel) params.set('p', route.panel)
  const query = params.toString()
  return `#/c/${encodeURIComponent(route.id)}${query && `?${query}`}`
}
