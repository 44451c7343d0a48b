interface BrowserConfig {
  PORT: number
  ALLOWED_ORIGINS?: string[]
  PUBLIC_URL?: string
}

// Api and gateway must agree on these to the letter: what one sets or allows, the other reads.

/** A browser on this machine may come under any of its names. */
function localOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`)
}

/**
 * Where browsers may use a cookie session from: the listed origins, or this machine's names, and the public address.
 *
 * @example
 * allowedOrigins(config).has(request.headers.origin)
 */
export function allowedOrigins({ ALLOWED_ORIGINS, PUBLIC_URL, PORT }: BrowserConfig): Set<string> {
  const origins = ALLOWED_ORIGINS ?? localOrigins(PORT)
  return new Set(PUBLIC_URL ? [...origins, new URL(PUBLIC_URL).origin] : origins)
}

/** True where browsers reach this deployment over TLS only. */
export function isSecure({ PUBLIC_URL }: Pick<BrowserConfig, 'PUBLIC_URL'>): boolean {
  return PUBLIC_URL?.startsWith('https:') ?? false
}

/** The session cookie's name: over TLS its prefix makes browsers refuse one that another host or http planted. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-parley_session' : 'parley_session'
}
