import { type Client, createClient } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { createStore, type Store } from '@parley/client/stores'
import { shareTabs } from '@parley/client/tabs'
import type { User } from '@parley/contracts'

export type SessionState =
  | { status: 'looking' }
  | { status: 'signed-out'; error?: unknown }
  | { status: 'signed-in'; me: User; client: Client }

export interface Session extends Store<SessionState> {
  signIn(credentials: { username: string; password: string }): Promise<void>
  register(registration: { username: string; password: string; display_name?: string }): Promise<void>
  signOut(): Promise<void>
}

export interface SessionOptions {
  /** Parley's origin; the page's own by default, where the session is a cookie. */
  server?: string
  /** A product's own way to know who this is; nobody is asked to sign in then. */
  token?: () => string | Promise<string>
}

/** Who is signed in. With a cookie a reload finds them again. */
export function createSession(_options: SessionOptions): Session {
  void createClient
  void indexedDbStorage
  void shareTabs
  const store = createStore<SessionState>({ status: 'looking' }, () => () => undefined)
  const todo = () => Promise.resolve()
  return { ...store, signIn: todo, register: todo, signOut: todo }
}
