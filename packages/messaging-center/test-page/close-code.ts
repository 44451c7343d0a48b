import type { closeCodes } from '@parley/contracts'

const parley: Record<(typeof closeCodes)[keyof typeof closeCodes], string> = {
  4000: 'the gateway shuts down: connect again',
  4008: 'too slow: nothing was read for two heartbeats; connect again',
  4009: 'heartbeat missed: two pings were not answered; connect again',
  4501: 'the session ended: signed out, revoked or expired',
  4503: 'not a member any more, or the chat was deleted',
  4504: 'protocol error: binary, too large, or too many frames that were wrong'
}

const general: Record<number, string> = {
  1000: 'closed, as was asked',
  1001: 'the page or the server goes away',
  1002: 'protocol error',
  1003: 'data of a kind that is not taken',
  1005: 'closed without saying why',
  1006: 'the connection broke, or was never opened',
  1008: 'against the server’s rules',
  1009: 'a frame that is too large',
  1011: 'an error in the server',
  1012: 'the server restarts',
  1013: 'try again later',
  1015: 'TLS failed'
}

/** What a close code means, in words. */
export function wordsFor(code: number): string {
  return { ...general, ...parley }[code] ?? 'no meaning is known'
}
