/**
 * Why a socket was closed. 4000–4499: come back and resume by cursor; 4500–4999: do not.
 */
export const closeCodes = Object.freeze({
  /** This gateway is shutting down. */
  shutting_down: 4000,
  /** Nothing was read for two heartbeats while data waited. */
  too_slow: 4008,
  /** Two pings were not answered. */
  heartbeat_missed: 4009,
  /** Logged out, revoked, expired or disabled. */
  session_ended: 4501,
  /** Removed from the conversation, or it was deleted. */
  not_a_member: 4503,
  /** The peer does not speak the protocol: binary, oversize or too many bad frames. */
  protocol_error: 4504
})
export type CloseReason = keyof typeof closeCodes

/** True where a client that was closed with `code` should connect again. */
export function comesBack(code: number): boolean {
  return code < 4500 || code > 4999
}
