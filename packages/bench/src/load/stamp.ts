// What a body says of itself: `@@`, the message's number, the time it was due, filled up to the body's length. Fixed width, so that a
// receiver reads it from the bytes where it found the last one, without parsing the JSON around it.
const AT = 0x40
const ZERO = 0x30
const NUMBER_DIGITS = 8
const TIME_DIGITS = 16

/** The bytes a stamp takes at the start of a body. */
const STAMP_LENGTH = 2 + NUMBER_DIGITS + TIME_DIGITS

/**
 * The body of message `number`, due at `micros`, `length` characters long (at least 26).
 *
 * @example
 * stampedBody(7, nowMicros(), 100)
 */
export function stampedBody(number: number, micros: number, length: number): string {
  const stamp = `@@${String(number).padStart(NUMBER_DIGITS, '0')}${String(micros).padStart(TIME_DIGITS, '0')}`
  return stamp.padEnd(length, ' lorem ipsum')
}

/** Where the stamp begins in `bytes[start, end)`, looked for first at `hint` bytes from the start; -1 where there is none. */
export function findStamp(bytes: Buffer, start: number, end: number, hint: number): number {
  // A seq of one more digit moves it by a byte or two.
  for (let at = start + hint; at < start + hint + 4 && at < end; at++) if (isStamp(bytes, at)) return at
  const at = bytes.indexOf('@@', start, 'latin1')
  return at >= 0 && at + STAMP_LENGTH <= end ? at : -1
}

export function stampNumber(bytes: Buffer, at: number): number {
  return digits(bytes, at + 2, NUMBER_DIGITS)
}

export function stampMicros(bytes: Buffer, at: number): number {
  return digits(bytes, at + 2 + NUMBER_DIGITS, TIME_DIGITS)
}

function isStamp(bytes: Buffer, at: number): boolean {
  return bytes[at] === AT && bytes[at + 1] === AT
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0
  for (let n = 0; n < count; n++) value = value * 10 + ((bytes[at + n] ?? ZERO) - ZERO)
  return value
}
