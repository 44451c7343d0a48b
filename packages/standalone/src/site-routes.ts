import { relative } from 'node:path'
import fastifyStatic from '@fastify/static'
import { siteHeaders } from '@parley/messaging-center'
import type { ServiceInstance } from '@parley/service-kit'

/** The messaging center's built files under `/messaging/`: a route for each, so that nothing else is looked for on disk. */
export async function siteRoutes(app: ServiceInstance, { site }: { site: string }): Promise<void> {
  // A page answers at both forms of its address, as everything does, but what it loads is relative to the one with the slash.
  app.addHook('onRequest', async (request, reply) => {
    const [path = '', query] = request.url.split('?', 2)
    const page = request.routeOptions.url
    if (!page?.endsWith('/') || path.endsWith('/')) return
    return reply.redirect(page + (query === undefined ? '' : `?${query}`), 308)
  })
  await app.register(fastifyStatic, {
    root: site,
    prefix: '/messaging/',
    wildcard: false,
    globIgnore: ['**/*.{br,gz}'],
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.headers(siteHeaders(relative(site, path).replace(/\.(br|gz)$/, '')))
    }
  })
}
