import { type Client, createClient, ParleyError } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { createStore, type Store } from '@parley/client/stores'
import { shareTabs } from '@parley/client/tabs'
import type { User } from '@parley/contracts'
import { clearDrafts } from '../composer/drafts.ts'
import {
  cookieDoor,
  type Credentials,
  type Door,
  productDoor,
  type Registration,
  tokenDoor
} from './doors.ts'
import { type Neighbours, sessionsInOtherTabs } from './neighbours.ts'

/** Why somebody who was signed in is not any more: the session ended, or they signed out in another tab. */
export type SignedOutReason = 'ended' | 'elsewhere'

export type SessionState =
  /** With an error: it could not be found out. */
  | { status: 'looking'; error?: unknown }
  | { status: 'signed-out'; reason?: SignedOutReason }
  | { status: 'signed-in'; me: User; client: Client }

export interface Session extends Store<SessionState> {
  /** People sign in here. Otherwise the product says who they are. */
  asks: boolean
  /** It is a cookie of the page's own origin. */
  cookie: boolean
  /** Finds out again who is signed in. */
  look(): Promise<void>
  signIn(credentials: Credentials): Promise<void>
  register(registration: Registration): Promise<void>
  /** Rejects where the server cannot be told: one is signed in still. What waits to be sent is given up. */
  signOut(): Promise<void>
}

export interface SessionOptions {
  /** Parley's origin; the page's own by default, where the session is a cookie. */
  server?: string
  /** A product's own way to know who this is; nobody is asked to sign in then. */
  token?: () => string | Promise<string>
}

/** Turned away so soon again there is no use in trying. */
const TWICE_MS = 5_000
/** Until it is asked again whether somebody is signed in still, where it could not be found out. */
const AGAIN_MS = 5_000

/** Who is signed in, while somebody wants to know. With a cookie a reload finds them again. */
export function createSession({ server, token }: SessionOptions): Session {
  const own = server === undefined || new URL(server, location.href).origin === location.origin
  if (token) return sessionThrough(productDoor(token, server))
  return sessionThrough(own ? cookieDoor() : tokenDoor(server.replace(/\/$/, '')))
}

function sessionThrough(door: Door): Session {
  let set: (change: (before: SessionState) => SessionState) => void = () => undefined
  let neighbours: Neighbours | undefined
  /** Ends what belongs to the one who is signed in. */
  let leave: (() => void) | undefined
  /** Of several answers the last one asked for counts. */
  let turn = 0
  let looked_at = -Infinity

  const store = createStore<SessionState>({ status: 'looking' }, (setter) => {
    set = setter
    if (door.shared) neighbours = sessionsInOtherTabs(hear)
    const online = () => {
      if (store.get().status === 'looking') void look()
    }
    addEventListener('online', online)
    void look()
    return () => {
      turn++
      leave?.()
      leave = undefined
      neighbours?.stop()
      removeEventListener('online', online)
    }
  })

  async function look(reason?: SignedOutReason): Promise<void> {
    const mine = ++turn
    if (store.get().status !== 'signed-in') set(() => ({ status: 'looking' }))
    try {
      const user = await door.look()
      if (mine !== turn) return
      if (user) enter(user)
      else goOut(reason)
    } catch (error) {
      if (mine !== turn) return
      if (store.get().status !== 'signed-in') set(() => ({ status: 'looking', error }))
      // What is on the screen stays there for now.
      else setTimeout(() => mine === turn && void look(reason), AGAIN_MS)
    }
  }

  function enter(me: User): void {
    turn++
    const now = store.get()
    // The same person with another cookie, after a change of the password for instance: what is on the screen stays.
    if (now.status === 'signed-in' && now.me.id === me.id && door.shared) {
      if (now.client.state.status === 'closed') now.client.connect().catch(() => undefined)
      return
    }
    leave?.()
    const client = createClient({
      ...door.options(),
      storage: indexedDbStorage(`parley-outbox-${me.id}`),
      share: shareTabs(`parley-${me.id}`)
    })
    const off = client.on('state', ({ status, error }) => {
      if (status === 'closed') void closed(error)
      // Somebody else has signed in with the same cookie.
      else if (client.me && client.me.id !== me.id) void look('ended')
    })
    leave = () => {
      off()
      client.disconnect()
    }
    // What ends it for good comes as a state.
    client.connect().catch(() => undefined)
    set(() => ({ status: 'signed-in', me, client }))
  }

  async function closed(error: ParleyError | undefined): Promise<void> {
    if (error?.code !== 'unauthenticated') return
    door.forget()
    const twice = performance.now() - looked_at < TWICE_MS
    looked_at = performance.now()
    // The cookie may be another one by now: of this tab, or of another one that signed in anew.
    if (door.shared && !twice) await look('ended')
    else goOut('ended')
  }

  function goOut(reason?: SignedOutReason): void {
    turn++
    const before = store.get()
    leave?.()
    leave = undefined
    const why = reason ?? (before.status === 'signed-in' ? 'ended' : undefined)
    set(() => ({ status: 'signed-out', ...(why ? { reason: why } : {}) }))
  }

  function hear(word: { kind: 'in' | 'out'; user_id: string }): void {
    const now = store.get()
    const same = now.status === 'signed-in' && now.me.id === word.user_id
    if (word.kind === 'in' && !same) void look('elsewhere')
    else if (word.kind === 'out' && same) {
      forget(now.me, now.client)
      goOut('elsewhere')
    }
  }

  async function through(entering: Promise<User>): Promise<void> {
    const user = await entering
    enter(user)
    neighbours?.say({ kind: 'in', user_id: user.id })
  }

  return {
    ...store,
    asks: door.asks,
    cookie: door.shared,
    look: () => look(),
    signIn: (credentials) => through(door.signIn(credentials)),
    register: (registration) => through(door.register(registration)),
    async signOut() {
      const now = store.get()
      if (now.status !== 'signed-in') return
      await door.leave()
      door.forget()
      forget(now.me, now.client)
      neighbours?.say({ kind: 'out', user_id: now.me.id })
      leave?.()
      leave = undefined
      turn++
      set(() => ({ status: 'signed-out' }))
    }
  }
}

/** Nothing of what somebody wrote or chose stays behind for the next one at this computer: such keys have their id in them. */
function forget(me: User, client: Client): void {
  for (const { client_id } of client.outbox.entries()) client.outbox.discard(client_id)
  try {
    clearDrafts(me.id)
    for (const key of Object.keys(localStorage)) if (key.includes(me.id)) localStorage.removeItem(key)
  } catch {
    // Storage is off: there was nothing.
  }
}
