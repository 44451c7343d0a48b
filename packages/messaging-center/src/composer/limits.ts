/** The contracts' numbers, as far as the composer minds them. Lengths are in code points, times in milliseconds. */
export const BODY_LENGTH = 16_000
export const FILE_NAME_LENGTH = 200
export const ATTACHMENTS_PER_MESSAGE = 10
/** What is uploaded and not sent is kept for so long. */
export const ATTACHMENTS_UNSENT_MS = 24 * 3_600_000
export const TYPING_MS = 6_000
export const TYPING_PER_SECOND = 1

/** How much longer a text may become, in code points; undefined while that is far away. */
export function roomLeft(text: string): number | undefined {
  const near = BODY_LENGTH - 1_000
  // No text has more code points than code units, and most are far from the end.
  if (text.length <= near) return undefined
  const left = BODY_LENGTH - Array.from(text).length
  return left < BODY_LENGTH - near ? left : undefined
}
