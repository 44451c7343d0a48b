/** Which methods an address takes: asked only once a request found no route. */
export interface RouteTable {
  add(method: string | string[], pattern: string): void
  /** Empty for an address that has no route at all. */
  methodsOf(path: string): string[]
}

/** Reads Fastify's patterns: `:name` is one segment, `*` the rest; a slash at the end does not matter. */
export function createRouteTable(): RouteTable {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  return {
    add(method, url) {
      const route = routes.get(url) ?? { pattern: toRegExp(url), methods: new Set<string>() }
      routes.set(url, route)
      for (const one of [method].flat()) route.methods.add(one)
    },
    methodsOf(path) {
      const methods = new Set<string>()
      for (const route of routes.values())
        if (route.pattern.test(path)) for (const method of route.methods) methods.add(method)
      return [...methods].sort()
    }
  }
}

function toRegExp(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+'
    return segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  })
  return new RegExp(`^${segments.join('/').replace(/\/$/, '')}/?$`)
}
