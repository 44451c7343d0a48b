import type { ConversationPage, Conversation, User } from '@parley/contracts'

/** What an answer that is no success says, in one line. */
class Refused extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(`${status} ${detail}`)
    this.status = status
  }
}

/** As the clients of both old systems do it: the session is a cookie, which no script sees. */
export async function signIn(username: string, password: string): Promise<void> {
  await ask('POST', '/api/login/', { username, password })
}

export async function whoAmI(): Promise<User | undefined> {
  try {
    const { user } = (await ask('GET', '/messaging/api/auth/me/')) as { user: User }
    return user
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return undefined
    throw error
  }
}

export async function signOut(): Promise<void> {
  await ask('POST', '/messaging/api/auth/logout/')
}

export async function listChats(): Promise<Conversation[]> {
  return ((await ask('GET', '/messaging/api/conversations/?limit=100')) as ConversationPage).items
}

export async function makeChat(): Promise<string> {
  return ((await ask('POST', '/messaging/api/conversations/')) as Conversation).id
}

/** Why a socket was not opened: a browser does not say, the same question over REST does. */
export async function whyRefused(conversation_id: string): Promise<string> {
  try {
    await ask('GET', `/messaging/api/conversations/${encodeURIComponent(conversation_id)}/`)
    return 'The chat is there and yours, so it was the connection.'
  } catch (error) {
    return error instanceof Refused ? `The server says: ${error.message}` : 'The server cannot be reached.'
  }
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const reply = await fetch(path, {
    method,
    credentials: 'include',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {})
  })
  const text = await reply.text()
  if (!reply.ok) throw new Refused(reply.status, detailOf(text))
  return text === '' ? undefined : JSON.parse(text)
}

function detailOf(text: string): string {
  try {
    const { code, title, detail } = JSON.parse(text) as Record<string, string | undefined>
    return `${code}: ${detail ?? title}`
  } catch {
    return text.slice(0, 200)
  }
}
