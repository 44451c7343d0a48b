/** Tells the other tabs of this browser which messages somebody sees in this one. */
export interface SeenElsewhere {
  /** This tab shows it to somebody. */
  tell(message_id: string): void
  /** Resolves with whether another tab does, after a moment in which it can say so. */
  ask(message_id: string): Promise<boolean>
  close(): void
}

/** Longer than a tab in sight takes to get the same message. */
const PATIENCE_MS = 300
const KEPT = 100

export function seenElsewhere(): SeenElsewhere {
  const channel = new BroadcastChannel('parley-seen')
  const seen = new Set<string>()
  channel.addEventListener('message', ({ data }) => {
    seen.add(String(data))
    for (const first of seen) if (seen.size > KEPT) seen.delete(first)
  })
  return {
    tell: (message_id) => channel.postMessage(message_id),
    async ask(message_id) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
      return seen.has(message_id)
    },
    close: () => channel.close()
  }
}
