/** What happens to the bytes of one direction. Nothing set: they pass. */
export interface Conditions {
  /** Bytes arrive so much later, in milliseconds. */
  delay_ms?: number
  /** At most so much passes. */
  bytes_per_second?: number
  /** Nothing passes. The bytes are held, as TCP would send them again: they arrive once this is over. */
  blackhole?: boolean
  /** The share of bytes, 0 to 1, in which one bit is flipped. */
  corrupt?: number
}

/** `up` is from who connected to the server behind the proxy, `down` is back. */
export type Direction = 'up' | 'down'
export type Directions = Direction | 'both'

export function covers(directions: Directions, direction: Direction): boolean {
  return directions === 'both' || directions === direction
}
