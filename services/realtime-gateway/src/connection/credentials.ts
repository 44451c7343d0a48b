import type { IncomingHttpHeaders } from 'node:http'
import { type Credential, ProblemError } from '@parley/contracts'

/** No token or ticket is longer. */
const MAX_LENGTH = 200

export interface UpgradeRequest {
  headers: IncomingHttpHeaders
  query: Record<string, unknown>
}

export interface CredentialRules {
  cookie_name: string
  allowed_origins: ReadonlySet<string>
  /** A browser names no origin when it reads from its own: for requests whose answer only such a page can see. */
  origin_optional?: boolean
}

/**
 * Who a client says it is: `Authorization`, else a ticket, else the session cookie. A browser sends its cookie from any site, so a
 * request that carries one must come from an allowed origin, and one that leans on it must name that origin.
 * Throws `origin_forbidden` or `unauthenticated`.
 */
export function readCredential(
  { headers, query }: UpgradeRequest,
  { cookie_name, allowed_origins, origin_optional = false }: CredentialRules
): Credential {
  const cookie = readCookie(headers.cookie, cookie_name)
  const credential = readExplicit(headers.authorization, query.ticket)
  const { origin } = headers
  const passes =
    origin === undefined ? credential !== undefined || origin_optional : allowed_origins.has(origin)
  if (cookie !== undefined && !passes) throw new ProblemError('origin_forbidden')
  const chosen = credential ?? (cookie === undefined ? undefined : { kind: 'session', token: cookie })
  if (!chosen || !isPlausible(chosen)) throw new ProblemError('unauthenticated')
  return chosen
}

function readExplicit(authorization: string | undefined, ticket: unknown): Credential | undefined {
  // Another scheme is somebody else's: a proxy's Basic authentication, say.
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token !== undefined) return { kind: 'session', token }
  if (ticket !== undefined) return { kind: 'ticket', ticket: typeof ticket === 'string' ? ticket : '' }
  return undefined
}

function isPlausible(credential: Credential): boolean {
  const secret = credential.kind === 'session' ? credential.token : credential.ticket
  return secret.length > 0 && secret.length <= MAX_LENGTH
}

/** Names are compared exactly; of several the first counts, as servers agree on. */
function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}
