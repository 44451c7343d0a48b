type Check = (head: Buffer) => boolean

const bytes =
  (...wanted: number[]): Check =>
  (head) =>
    wanted.every((byte, n) => head[n] === byte)
const ascii =
  (text: string, at = 0): Check =>
  (head) =>
    head.toString('latin1', at, at + text.length) === text
const riff =
  (kind: string): Check =>
  (head) =>
    ascii('RIFF')(head) && ascii(kind, 8)(head)
const any =
  (...checks: Check[]): Check =>
  (head) =>
    checks.some((check) => check(head))

const brand = (pattern: RegExp): Check => {
  return (head) => ascii('ftyp', 4)(head) && pattern.test(head.toString('latin1', 8, 12))
}
const zip = any(bytes(0x50, 0x4b, 3, 4), bytes(0x50, 0x4b, 5, 6))
const matroska: Check = (head) => bytes(0x1a, 0x45, 0xdf, 0xa3)(head) && head.subarray(0, 64).includes('webm')

/** No NUL, and UTF-8 but for a character that the end of the head cuts. */
const text: Check = (head) => {
  if (head.includes(0)) return false
  const whole = head.toString('utf8').replace(/\uFFFD{1,3}$/u, '')
  return !whole.includes('\uFFFD')
}

/** What may be looked at in a page: a browser runs nothing in it. */
const shown: Record<string, Check> = {
  'image/png': bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  'image/jpeg': bytes(0xff, 0xd8, 0xff),
  'image/gif': any(ascii('GIF87a'), ascii('GIF89a')),
  'image/webp': riff('WEBP'),
  'image/avif': brand(/^avi[fs]/),
  'video/mp4': brand(/^(?:isom|iso\d|mp4\d|avc1|M4V |dash|mmp4|3gp\d)/),
  'video/webm': matroska,
  'audio/mpeg': any(ascii('ID3'), (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2),
  'audio/mp4': brand(/^(?:M4A |M4B |isom|iso\d|mp4\d)/),
  'audio/ogg': ascii('OggS'),
  'audio/wav': riff('WAVE'),
  'audio/flac': ascii('fLaC'),
  'audio/webm': matroska
}

/** What is only ever saved. */
const saved: Record<string, Check> = {
  'video/quicktime': brand(/^qt {2}/),
  'application/pdf': ascii('%PDF-'),
  'application/zip': zip,
  'application/gzip': bytes(0x1f, 0x8b),
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': zip,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': zip,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': zip,
  'application/vnd.oasis.opendocument.text': zip,
  'application/vnd.oasis.opendocument.spreadsheet': zip,
  'application/vnd.oasis.opendocument.presentation': zip,
  'text/plain': text,
  'text/csv': text,
  'text/markdown': text,
  'application/json': text,
  // Says nothing, so it cannot lie.
  'application/octet-stream': () => true
}

/** Bytes of a file that tell its type. */
export const HEAD_BYTES = 4_096

/** The type of a `Content-Type` header without its parameters, if files of it are taken; HTML and SVG are not. */
export function acceptedType(header: string | undefined): string | undefined {
  const type = header?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return Object.hasOwn(shown, type) || Object.hasOwn(saved, type) ? type : undefined
}

/** Whether a file that begins like this can be of the type. */
export function isOfType(type: string, head: Buffer): boolean {
  return (shown[type] ?? saved[type])?.(head) ?? false
}

/** Whether a page may show it; everything else is for saving. */
export function isShown(type: string): boolean {
  return Object.hasOwn(shown, type)
}

export function isPicture(type: string): boolean {
  return type.startsWith('image/')
}
