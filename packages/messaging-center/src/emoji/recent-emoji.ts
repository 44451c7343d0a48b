/** What is offered first to somebody who has not chosen any. */
const usual = ['👍', '❤️', '😂', '🎉', '👀']
const KEPT = 16

type RecentStorage = Pick<Storage, 'getItem' | 'setItem'>

/** The emoji that somebody used last on this device, the latest first. */
export function recentEmoji(user_id: string, storage?: RecentStorage): readonly string[] {
  try {
    const kept: unknown = JSON.parse((storage ?? localStorage).getItem(keyOf(user_id)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

export function rememberEmoji(user_id: string, emoji: string, storage?: RecentStorage): void {
  const others = recentEmoji(user_id, storage).filter((one) => one !== emoji)
  try {
    ;(storage ?? localStorage).setItem(keyOf(user_id), JSON.stringify([emoji, ...others].slice(0, KEPT)))
  } catch {
    // No room, or none at all: nobody misses it.
  }
}

/** Five for one press: the last ones that were used, and usual ones. */
export function quickEmoji(user_id: string, storage?: RecentStorage): readonly string[] {
  return [...new Set([...recentEmoji(user_id, storage), ...usual])].slice(0, 5)
}

const keyOf = (user_id: string) => `parley.emoji.${user_id}`
