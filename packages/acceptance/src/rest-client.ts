import { fieldErrors, Problem, validator } from '@parley/contracts'

export interface Answer {
  readonly request: string
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown
}

/**
 * Asks one server, with the same headers each time. A body that is a string goes as it is, anything else as JSON.
 *
 * @example
 * const api = new RestClient(url, { authorization: `Bearer ${token}` })
 * const { id } = bodyOf(await api.post('/messaging/api/conversations/'), 201, Conversation)
 */
export class RestClient {
  readonly url: string
  readonly #headers: Record<string, string>

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url
    this.#headers = headers
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {}
  ): Promise<Answer> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...json, ...this.#headers, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
    return {
      request: `${method} ${path}`,
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text
    }
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path)
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.ask('POST', path, body, headers)
  }

  delete(path: string): Promise<Answer> {
    return this.ask('DELETE', path)
  }
}

/** A contract's schema, and the type it stands for. */
type Schema<T> = Parameters<typeof validator>[0] & { static: T }

/** The value, which has to be of the contract's shape: nothing missing, nothing more. */
export function shaped<T>(schema: Schema<T>, value: unknown): T {
  const isOne = validator(schema)
  if (isOne(value)) return value as T
  const mistakes = fieldErrors(isOne.errors).map(({ pointer, reason }) => `${pointer} ${reason}`)
  throw new Error(`no ${schema.title}: ${mistakes.join(', ')}: ${JSON.stringify(value)}`)
}

/** The body of an answer that has to have this status and shape. */
export function bodyOf<T>(answer: Answer, status: number, schema: Schema<T>): T {
  if (answer.status === status) return shaped(schema, answer.body)
  throw new Error(`${answer.request}: ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`)
}

/** What an answer refuses with, such as `404 not_found`; throws where it is no well-formed problem. */
export function refusalOf(answer: Answer): string {
  const type = answer.headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json'))
    throw new Error(`${answer.request}: ${answer.status}, no problem but ${JSON.stringify(answer.body)}`)
  const { status, code } = shaped(Problem, answer.body)
  if (status !== answer.status) throw new Error(`${answer.request}: ${answer.status} says it is ${status}`)
  return `${status} ${code}`
}
