import { TYPING_MS, TYPING_PER_SECOND } from './limits.ts'

export interface TypingNotice {
  /** Something was typed. */
  typed(): void
  /** It was sent, taken back, or left. */
  stopped(): void
}

/** Said again in good time before the others take it to have ended. */
const AGAIN_MS = TYPING_MS / 2
const IDLE_MS = 4_000
const GAP_MS = 1_000 / TYPING_PER_SECOND

/** Tells the others that somebody is writing, and when they stop, as seldom as that can be said. */
export function typingNotice(say: (on: boolean) => void): TypingNotice {
  let on = false
  let said_at = -Infinity
  let idle: ReturnType<typeof setTimeout> | undefined
  let later: ReturnType<typeof setTimeout> | undefined

  const tell = (what: boolean) => {
    clearTimeout(later)
    const wait = said_at + GAP_MS - performance.now()
    if (wait > 0) {
      later = setTimeout(() => tell(what), wait)
      return
    }
    on = what
    said_at = performance.now()
    say(what)
  }
  const stopped = () => {
    clearTimeout(idle)
    if (on) tell(false)
    else clearTimeout(later)
  }
  return {
    typed() {
      clearTimeout(idle)
      idle = setTimeout(stopped, IDLE_MS)
      if (!on || performance.now() - said_at >= AGAIN_MS) tell(true)
      else clearTimeout(later)
    },
    stopped
  }
}
