import { limits, ProblemError, SearchPage, SearchQuery } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { TokenBuckets } from '../plugins/token-buckets.ts'
import { searchMessages } from './search-store.ts'

/** Full text over what the caller may see; for signed-in callers only. */
export async function searchRoutes(app: ServiceInstance): Promise<void> {
  const buckets = new TokenBuckets({ per_second: limits.searches_per_second, burst: limits.searches_burst })

  app.get(
    '/search',
    {
      schema: {
        operationId: 'searchMessages',
        summary: 'Messages in my conversations, the best match first; the highlights are code point offsets',
        tags: ['messages'],
        querystring: SearchQuery,
        response: { 200: SearchPage }
      }
    },
    async ({ query, session }) => {
      const user_id = session.user.id
      const retry_after_ms = app.throttled ? buckets.take(user_id) : 0
      if (retry_after_ms > 0) throw new ProblemError('rate_limited', { retry_after_ms })
      const { limit = limits.search_page } = query
      return searchMessages(app.db, await app.searchSettings(), { ...query, limit, user_id })
    }
  )
}
