import { FILE_NAME_LENGTH } from './limits.ts'

/** Browsers of some systems have names of their own for types that are taken. */
const otherNames: Readonly<Record<string, string>> = {
  'application/x-zip-compressed': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'image/jpg': 'image/jpeg'
}

/** Types that say something to the server: the rest is bytes to it. HTML and SVG say what they are, and are refused. */
const told =
  /^(?:image|audio|video)\/|^application\/(?:pdf|zip|gzip|json|xhtml\+xml|vnd\.(?:openxmlformats|oasis)\S*)$|^text\/(?:plain|csv|markdown|html)$/

/** A file as it is uploaded: of a type that is known, with a name that is taken. */
export function uploadable(file: File): File {
  const type = otherNames[file.type] ?? (told.test(file.type) ? file.type : 'application/octet-stream')
  return new File([file], fileName(file.name), { type })
}

/** Without what no name may have, and not too long; its ending stays. */
export function fileName(name: string): string {
  const clean = name.replaceAll(/[\p{Cc}\p{Cs}/\\]/gu, '_').trim() || 'file'
  const letters = Array.from(clean)
  if (letters.length <= FILE_NAME_LENGTH) return clean
  const ending = /\.[^.]{1,20}$/.exec(clean)?.[0] ?? ''
  return letters.slice(0, FILE_NAME_LENGTH - Array.from(ending).length).join('') + ending
}
