import { type Credentials, encodeControl, ProblemError, userSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { type Account, findAccount, insertAccount, replacePassword } from './account-store.ts'
import {
  countAttempt,
  forgetAttempts,
  pruneThrottles,
  type Throttle,
  uncountAttempt
} from './login-throttle-store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { checkPassword } from './password-rules.ts'
import {
  type EndedSession,
  endSessionOf,
  endSessions,
  insertSession,
  rotateSession
} from './session-store.ts'
import { throttleAddress } from './throttle-address.ts'

/** Failed logins that pass within fifteen minutes. */
const FAILURES_PER_ACCOUNT = 10
const FAILURES_PER_ADDRESS = 100

export interface AccountContext {
  db: Kysely<Database>
  bus: EventBus
  passwords: PasswordHasher
  /** False where rate limits are off. */
  throttled: boolean
}

/** Where a login comes from. */
export interface Origin {
  address: string
  user_agent: string | undefined
  /** The session that came along with it: it ends, so that nobody can plant one. */
  session: string | undefined
}

export interface SignedIn {
  account: Account
  token: string
  expires_at: Date
}

/** Throws `username_taken`, `validation_failed` for a bad password, `rate_limited` when too many passwords wait to be hashed. */
export async function register(
  context: AccountContext,
  { username, password, display_name = username }: Credentials & { display_name?: string },
  origin: Origin
): Promise<SignedIn> {
  checkPassword(password, { username, pointer: '/password' })
  if (await findAccount(context.db, username)) throw new ProblemError('username_taken')
  const password_hash = await context.passwords.hash(password)
  const user = await insertAccount(context.db, { username, display_name, password_hash })
  return openSession(context, { user, password_hash, disabled: false }, origin)
}

/** Throws `invalid_credentials` and `rate_limited`, alike for users that exist, do not exist or are disabled. */
export async function signIn(
  context: AccountContext,
  credentials: Credentials,
  origin: Origin
): Promise<SignedIn> {
  return openSession(context, await checkCredentials(context, credentials, origin.address), origin)
}

/**
 * Ends all other sessions. The current one goes on under the token that is returned, or unchanged for a bearer, who could not
 * learn a new one from a cookie. Throws as {@link signIn}, and `validation_failed` for the new password.
 */
export async function changePassword(
  context: AccountContext,
  change: { username: string; current_password: string; new_password: string },
  { session_id, via, address }: { session_id: string; via: 'cookie' | 'bearer'; address: string }
): Promise<string | undefined> {
  const { username, current_password: password, new_password } = change
  checkPassword(new_password, { username, pointer: '/new_password' })
  const account = await checkCredentials(context, { username, password }, address)
  const password_hash = await context.passwords.hash(new_password)
  const { ended, token } = await context.db.transaction().execute(async (tx) => {
    if (!(await replacePassword(tx, account, password_hash))) throw new ProblemError('invalid_credentials')
    return {
      ended: await endSessions(tx, account.user.id, { except: session_id }),
      token: via === 'cookie' ? await rotateSession(tx, session_id) : undefined
    }
  })
  announceEnded(context.bus, ended)
  return token
}

/** Tells the gateways, after the commit; what is lost on the way they learn by their beat. */
export function announceEnded(bus: EventBus, ended: EndedSession[]): void {
  for (const { user_id, session_id } of ended) {
    bus.publish(userSubject(user_id), encodeControl({ type: 'session_ended', session_id }))
  }
}

async function openSession({ db, bus }: AccountContext, account: Account, origin: Origin): Promise<SignedIn> {
  const session = await insertSession(db, account, origin.user_agent)
  if (!session) throw new ProblemError('invalid_credentials')
  if (origin.session !== undefined) announceEnded(bus, await endSessionOf(db, origin.session))
  return { account, ...session }
}

async function checkCredentials(
  { db, passwords, throttled }: AccountContext,
  { username, password }: Credentials,
  address: string
): Promise<Account> {
  const throttles = throttled ? throttlesOf(username, address) : []
  const [ofAccount, ofAddress] = throttles
  const retry_after_ms = throttled ? await countAttempt(db, throttles) : 0
  if (retry_after_ms > 0) throw new ProblemError('rate_limited', { retry_after_ms })
  const account = await findAccount(db, username)
  const right = await verify()
  if (!account || !right || account.disabled) {
    if (throttled) await pruneThrottles(db)
    throw new ProblemError('invalid_credentials')
  }
  if (ofAccount && ofAddress) {
    await forgetAttempts(db, ofAccount.key)
    await uncountAttempt(db, [ofAddress])
  }
  return account

  async function verify(): Promise<boolean> {
    try {
      return await passwords.verify(password, account?.password_hash)
    } catch (error) {
      await uncountAttempt(db, throttles)
      throw error
    }
  }
}

function throttlesOf(username: string, address: string): Throttle[] {
  return [
    // As JSON, because what is tried as a name may hold what Postgres cannot store.
    { key: `account ${JSON.stringify(username.toLowerCase())}`, allowed: FAILURES_PER_ACCOUNT },
    { key: `address ${throttleAddress(address)}`, allowed: FAILURES_PER_ADDRESS }
  ]
}
