/** A bearer token, or where to get one: `refused` when the last one was turned down. */
export type TokenSource = string | ((context: { refused: boolean }) => string | Promise<string>)

/** The authorization header of each request. A function is asked once for all who wait, and keeps its token until it is refused. */
export function createAuthorize(token: TokenSource | undefined): {
  authorize(refused: boolean): Promise<Record<string, string> | undefined>
  /** Asks for the token anew before the next request. */
  renew(): void
} {
  let current: Promise<string> | undefined
  const ask = (refused: boolean) => {
    if (typeof token !== 'function') return token
    const asked = Promise.resolve(token({ refused }))
    current = asked
    asked.catch(() => {
      if (current === asked) current = undefined
    })
    return asked
  }
  return {
    renew: () => {
      current = undefined
    },
    async authorize(refused) {
      if (token === undefined) return refused ? undefined : {}
      if (refused && typeof token === 'string') return undefined
      const value = await (refused ? ask(true) : (current ?? ask(false)))
      return { authorization: `Bearer ${value}` }
    }
  }
}
