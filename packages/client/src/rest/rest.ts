import { errorOf, NetworkError, type ErrorFacts } from '../errors.ts'
import type { FallbackSetup } from '../fallback/fallback-transport.ts'
import type { Routes } from '../wire/routes.ts'

export type Route = keyof Routes
export type Params<R extends Route> = Routes[R]['params']
export type Reply<R extends Route> = Routes[R]['reply']

export interface RestOptions {
  /** The idempotency key: the same call with the same key is carried out once. */
  key?: string
  signal?: AbortSignal
  /** How long an answer may take. Default 15,000. */
  timeout_ms?: number
  /** Sent as it is, in place of the parameters that are not part of the path: a file. */
  body?: BodyInit
  /** Used in place of the client's. */
  fetch?: typeof fetch
}

/** Nothing to give may be left out. */
type Args<R extends Route> =
  object extends Params<R>
    ? [params?: Params<R>, options?: RestOptions]
    : [params: Params<R>, options?: RestOptions]

/** One typed call. Rejects with a `ParleyError`. */
export type Rest = <R extends Route>(route: R, ...args: Args<R>) => Promise<Reply<R>>

export interface RestSetup {
  /** The origin, without a slash at its end. */
  url: string
  fetch: typeof fetch
  /** The headers that say who asks; `refused` after a 401 to what it gave before. Undefined: there is nothing else to try. */
  authorize(refused: boolean): Promise<Record<string, string> | undefined>
}

/** For every route of the table: the path is filled from `params`, the rest of them is the query or the body. */
export function createRest(setup: RestSetup): Rest {
  return async <R extends Route>(route: R, ...[params = {}, options = {}]: Args<R>) => {
    const request = describe(route, params as Record<string, unknown>, options)
    const response = await ask(setup, request, options)
    // A file is what it is, also where it is JSON.
    if (response.ok && route.startsWith('GET attachments/')) return response as Reply<R>
    return (await read(response)) as Reply<R>
  }
}

/** `POST events/`, whose answer may go on: without a time limit. Rejects with what it was refused with. */
export function createEventsRequest(setup: RestSetup): FallbackSetup['request'] {
  return async ({ cursors, accept, wait, signal }) => {
    const request: Described = {
      method: 'POST',
      path: `events/${wait === undefined ? '' : `?wait=${wait}`}`,
      headers: { accept, 'content-type': 'application/json' },
      body: JSON.stringify({ cursors })
    }
    const response = await ask(setup, request, { signal, timeout_ms: Infinity })
    if (!response.ok) await read(response)
    return response
  }
}

async function ask(setup: RestSetup, request: Described, options: RestOptions): Promise<Response> {
  const response = await send(setup, request, options, false)
  if (response && response.status !== 401) return response
  const again = (await send(setup, request, options, true)) ?? response
  if (!again) throw errorOf({ code: 'unauthenticated' })
  return again
}

interface Described {
  method: string
  path: string
  headers: Record<string, string>
  body: BodyInit | undefined
}

function describe(route: string, params: Record<string, unknown>, { key, body }: RestOptions): Described {
  const [method = '', template = ''] = route.split(' ')
  const rest: Record<string, unknown> = { ...params }
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const inQuery = method === 'GET' || method === 'DELETE' || body !== undefined
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  if (inQuery) {
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
    return { method, path: query ? `${path}?${query}` : path, headers, body }
  }
  if (given.length === 0) return { method, path, headers, body: undefined }
  return {
    method,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(given))
  }
}

async function send(
  setup: RestSetup,
  { method, path, headers, body }: Described,
  { signal, timeout_ms = 15_000, fetch = setup.fetch }: RestOptions,
  refused: boolean
): Promise<Response | undefined> {
  const authorization = await setup.authorize(refused)
  if (!authorization) return undefined
  const limit = timeout_ms === Infinity ? undefined : AbortSignal.timeout(timeout_ms)
  const init: RequestInit = {
    method,
    headers: { accept: 'application/json', ...headers, ...authorization },
    credentials: 'same-origin',
    signal: AbortSignal.any([signal, limit].filter((one) => one !== undefined)),
    ...(body === undefined ? {} : { body })
  }
  try {
    return await fetch(`${setup.url}/messaging/api/${path}`, init)
  } catch (cause) {
    signal?.throwIfAborted()
    throw new NetworkError(`${method} ${path.split('?', 1)[0]}`, cause)
  }
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (response.ok) {
    if (response.status === 204) return undefined
    if (!type.includes('json')) return response
  }
  const value: unknown = type.includes('json') ? await parse(response) : undefined
  if (response.ok) return value
  throw errorFrom(response, value)
}

async function parse(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new NetworkError('the answer was cut off', cause)
  }
}

/** A problem, or the answer of something between here and Parley. */
function errorFrom(response: Response, problem: unknown): Error {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const facts = (problem ?? {}) as Partial<ErrorFacts>
  const { status } = response
  const code =
    facts.code ?? (status === 401 ? 'unauthenticated' : status >= 500 ? 'unavailable' : `http_${status}`)
  return errorOf({ ...facts, code, status, ...(seconds >= 0 ? { retry_after_ms: seconds * 1_000 } : {}) })
}
