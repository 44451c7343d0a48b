import { ProblemError } from '@parley/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteRange, FileStorage } from './file-storage.ts'
import { isShown } from './file-types.ts'

export interface ServedFile {
  key: string
  name: string
  type: string
  /** Bytes, if they are known: then parts of it may be asked for. */
  size?: number
  /** To be saved, whatever its type. */
  download?: boolean
}

/** Nothing in a file may run, load or be framed, whatever a browser takes it for. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Answers with a file, or the part of it that `Range` asks for. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: FileStorage,
  { key, name, type, size, download = false }: ServedFile
): Promise<FastifyReply> {
  const range = size === undefined ? undefined : byteRange(request.headers.range, size)
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new ProblemError('range_not_satisfiable')
  }
  const inline = isShown(type) && !download
  reply
    // Kept by the browser, asked for anew each time: whoever was removed reads nothing more.
    .header('cache-control', 'private, no-cache')
    .header('etag', `"${key}"`)
    .header('content-security-policy', POLICY)
    .header('content-disposition', disposition(inline ? 'inline' : 'attachment', name))
    .type(type.startsWith('text/') ? `${type}; charset=utf-8` : type)
  if (request.headers['if-none-match'] === `"${key}"`) return reply.code(304).send()
  const stream = await storage.read(key, range)
  if (size === undefined) return reply.send(stream)
  const length = range ? range.end - range.start + 1 : size
  reply.header('accept-ranges', 'bytes').header('content-length', length)
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  return reply.send(stream)
}

/** The one range of a `Range` header; undefined, that is all of it, where there is none or more than one. */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start <= end && start < size ? { start, end } : 'unsatisfiable'
}

/** RFC 6266: an ASCII name for old clients, the name itself for all others. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const whole = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`
}
