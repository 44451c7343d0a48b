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

/** Lower case letters, digits and dashes. Another one would lead nowhere, or, as two dots do in an address, elsewhere. */
const ID = /^[\w-]+$/

/** `#/c/<id>?m=12&t=<root>&p=members`, `#/discover`, `#/settings`; anything else is home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [first, id] = path.split('/')
  if (first === 'settings') return { at: 'settings' }
  if (first === 'discover') return { at: 'discover' }
  if (first !== 'c' || !id || !ID.test(id)) return { at: 'home' }
  const params = new URLSearchParams(query)
  const message = Number(params.get('m'))
  const thread = params.get('t')
  const panel = params.get('p')
  return {
    at: 'conversation',
    id,
    ...(Number.isSafeInteger(message) && message > 0 ? { message } : {}),
    ...(thread && ID.test(thread) ? { thread } : {}),
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
  return `#/c/${route.id}${query && `?${query}`}`
}

/** The same conversation with this panel beside it, or with none. */
export function withPanel(route: Route, panel: Panel | undefined): Route {
  if (route.at !== 'conversation') return route
  const { at, id, thread } = route
  // With a thread beside, the message is one of its replies.
  const message = thread ? undefined : route.message
  return { at, id, ...(message ? { message } : {}), ...(panel ? { panel } : {}) }
}

/** What the focus and the eye go to anew: the same as long as only something beside it changes. */
export function placeOf(route: Route): string {
  return route.at === 'conversation' ? route.id : route.at
}
