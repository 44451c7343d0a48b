import { type Client, RateLimitedError } from '@parley/client'
import type { SearchPage, SearchQuery } from '@parley/contracts'

/** Reads a page of what is found. Whoever types fast waits until the server looks again; `signal` ends that, too. */
export async function searchPage(
  client: Pick<Client, 'rest'>,
  query: SearchQuery,
  signal: AbortSignal
): Promise<SearchPage> {
  for (;;) {
    try {
      return await client.rest('GET search/', query, { signal })
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error
      await pause(error.retry_after_ms ?? 1_000, signal)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
