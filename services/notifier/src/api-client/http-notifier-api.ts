import {
  type Hook,
  internalSecretHeader,
  type NotifierApi,
  type NotifierBodies,
  notifierPaths,
  type Push
} from '@parley/contracts'

/** How long one instance may take to answer, in milliseconds; less than the broker waits for an acknowledgement. */
const TIMEOUT_MS = 2_000

/**
 * conversation-api over HTTP. Each call goes to the instances in turn until one answers; when none does it rejects, and is made again
 * later: every call may be repeated.
 */
export function createHttpNotifierApi({
  urls,
  secret
}: {
  urls: readonly string[]
  secret: string
}): NotifierApi {
  let turn = 0

  async function call<T, K extends keyof NotifierBodies>(name: K, body: NotifierBodies[K]): Promise<T> {
    const start = turn++ % urls.length
    let cause: unknown
    for (const url of [...urls.slice(start), ...urls.slice(0, start)]) {
      try {
        return (await post(new URL(notifierPaths[name], url), body)) as T
      } catch (error) {
        cause = error
      }
    }
    throw new Error(`${name}: no api answers`, { cause })
  }

  async function post(url: URL, body: unknown): Promise<unknown> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [internalSecretHeader]: secret },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    if (!answer.ok) throw new Error(`${url.pathname} answered ${answer.status}`)
    return answer.json()
  }

  return {
    queuePushes: (events) => call<void, 'queuePushes'>('queuePushes', events),
    takePushes: (limit) => call<Push[], 'takePushes'>('takePushes', { limit }),
    settlePushes: (outcomes) => call<void, 'settlePushes'>('settlePushes', outcomes),
    queueHooks: (events) => call<void, 'queueHooks'>('queueHooks', events),
    takeHooks: (limit) => call<Hook[], 'takeHooks'>('takeHooks', { limit }),
    settleHooks: (outcomes) => call<void, 'settleHooks'>('settleHooks', outcomes)
  }
}
