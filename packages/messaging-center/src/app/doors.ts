import { type Client, type ClientOptions, createClient, UnauthenticatedError } from '@parley/client'
import type { User } from '@parley/contracts'

export interface Credentials {
  username: string
  password: string
}

export interface Registration extends Credentials {
  display_name?: string
}

/** A way in, and out. */
export interface Door {
  /** People sign in here. Otherwise the product says who they are. */
  asks: boolean
  /** A cookie is of all tabs: what one of them does the others have to hear. */
  shared: boolean
  /** Who is in already; undefined where nobody is. */
  look(): Promise<User | undefined>
  signIn(credentials: Credentials): Promise<User>
  register(registration: Registration): Promise<User>
  /** Ends the session on the server. */
  leave(): Promise<void>
  /** It has ended there. */
  forget(): void
  /** What a client goes through it with. */
  options(): Pick<ClientOptions, 'url' | 'token'>
}

/** The page's own origin: the session is a cookie that no script can read. */
export function cookieDoor(): Door {
  const { rest } = createClient()
  return {
    asks: true,
    shared: true,
    look: () => whoIs(rest),
    signIn: async (credentials) => (await rest('POST auth/login/', { ...credentials })).user,
    register: async (registration) => (await rest('POST auth/register/', { ...registration })).user,
    leave: () => ended(rest('POST auth/logout/')),
    forget: () => undefined,
    options: () => ({})
  }
}

/** Another origin: the session is a token, for as long as the tab lives. */
export function tokenDoor(url: string, storage: TokenStorage = tokenStorage(url)): Door {
  const outside = createClient({ url }).rest
  const inside = () => createClient({ url, token: storage.read() ?? '' }).rest
  const signIn = async (credentials: Credentials) => {
    const { token, expires_at, user } = await outside('POST auth/token/', { ...credentials })
    storage.write({ token, expires_at })
    return user
  }
  return {
    asks: true,
    shared: false,
    look: async () => (storage.read() ? await whoIs(inside()) : undefined),
    signIn,
    async register(registration) {
      await outside('POST auth/register/', { ...registration })
      const { username, password } = registration
      return await signIn({ username, password })
    },
    leave: () => ended(inside()('POST auth/logout/')),
    forget: () => storage.write(undefined),
    options: () => ({ url, token: storage.read() ?? '' })
  }
}

/** The product knows who somebody is, and ends that by itself. */
export function productDoor(token: () => string | Promise<string>, url?: string): Door {
  const options = { ...(url === undefined ? {} : { url }), token: () => token() }
  const nobody = () => Promise.reject(new Error('the product signs people in'))
  return {
    asks: false,
    shared: false,
    look: () => whoIs(createClient(options).rest),
    signIn: nobody,
    register: nobody,
    leave: () => Promise.resolve(),
    forget: () => undefined,
    options: () => options
  }
}

async function whoIs(rest: Client['rest']): Promise<User | undefined> {
  try {
    return (await rest('GET auth/me/')).user
  } catch (error) {
    if (error instanceof UnauthenticatedError) return undefined
    throw error
  }
}

/** Where there is no session any more it has ended as well. */
async function ended(request: Promise<unknown>): Promise<void> {
  try {
    await request
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) throw error
  }
}

interface Kept {
  token: string
  expires_at: string
}

interface TokenStorage {
  read(): string | undefined
  write(kept: Kept | undefined): void
}

/** Over reloads, in this tab only. Where storage is off, until the page is left. */
function tokenStorage(url: string): TokenStorage {
  const key = `parley-token ${url}`
  let kept: Kept | undefined
  try {
    kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    kept = undefined
  }
  return {
    read: () => (kept && Date.parse(kept.expires_at) > Date.now() ? kept.token : undefined),
    write(value) {
      kept = value
      try {
        if (value) sessionStorage.setItem(key, JSON.stringify(value))
        else sessionStorage.removeItem(key)
      } catch {
        // It holds until the page is left.
      }
    }
  }
}
