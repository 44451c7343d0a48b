import { randomBytes } from 'node:crypto'
import { SignedIn, Token, type User } from '@parley/contracts'
import { openSocket, type SocketOptions, type TestSocket } from '@parley/testing'
import { type Answer, bodyOf, RestClient } from './rest-client.ts'

/** Someone with an account, a session in a cookie and another in a token. */
export interface Person {
  readonly user: User
  readonly password: string
  /** As a `Cookie` header: `parley_session=…`. */
  readonly cookie: string
  readonly token: string
  /** Signed in by token. */
  readonly api: RestClient
  /** Opens a socket, signed in by token; `at` is another server that knows the same people. */
  connect(path: string, options?: SocketOptions & { at?: string }): Promise<TestSocket>
}

/**
 * Registers someone whose username begins with `name`.
 *
 * @example
 * const ann = await signUp(url, 'ann')
 * const socket = await ann.connect('/ws/', { protocol: 'parley.v1' })
 */
export async function signUp(url: string, name: string): Promise<Person> {
  const username = `${name}-${randomBytes(4).toString('hex')}`
  const password = `the password of ${username}`
  const anyone = new RestClient(url)
  const registered = await anyone.post('/messaging/api/auth/register/', { username, password })
  const { user } = bodyOf(registered, 201, SignedIn)
  const answer = await anyone.post('/messaging/api/auth/token/', { username, password })
  const { token } = bodyOf(answer, 200, Token)
  const authorization = `Bearer ${token}`
  return {
    user,
    password,
    cookie: cookieOf(registered),
    token,
    api: new RestClient(url, { authorization }),
    connect: (path, { at = url, headers, ...options } = {}) =>
      openSocket(`${at}${path}`, { ...options, headers: { authorization, ...headers } })
  }
}

/** The cookie an answer sets, as a browser would send it back. */
export function cookieOf(answer: Answer): string {
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}
