/** What tabs of the same browser say when somebody signed in or out in them. */
export interface SessionWord {
  kind: 'in' | 'out'
  user_id: string
}

export interface Neighbours {
  say(word: SessionWord): void
  stop(): void
}

const NAME = 'parley-session'

/** They have the cookie in common, so what one of them does to it the others have to hear. */
export function sessionsInOtherTabs(hear: (word: SessionWord) => void): Neighbours | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(NAME)
  channel.addEventListener('message', ({ data }: MessageEvent<SessionWord>) => hear(data))
  return {
    say: (word) => channel.postMessage(word),
    stop: () => channel.close()
  }
}
