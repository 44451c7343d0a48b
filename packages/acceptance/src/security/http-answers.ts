/** An HTTP/1.1 answer as it stood in the bytes of a connection. */
export interface HttpAnswer {
  status: number
  /** Lower-case names. */
  headers: Record<string, string>
  body: string
}

/**
 * The whole answers in what a server sent, in order; one that is not complete yet is left out. Reads `Content-Length` and chunked
 * bodies.
 *
 * @example
 * const [answer] = httpAnswers(raw.received)
 */
export function httpAnswers(received: Buffer): HttpAnswer[] {
  const answers: HttpAnswer[] = []
  let rest = received.toString('latin1')
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim()
      ])
    )
    const body = readBody(rest.slice(end + 4), headers)
    if (!body) return answers
    answers.push({ status: Number(first.split(' ')[1]), headers, body: body.text })
    rest = rest.slice(end + 4 + body.length)
  }
}

/** The status of the first whole answer. */
export function statusOf(received: Buffer): number | undefined {
  return httpAnswers(received)[0]?.status
}

function readBody(
  rest: string,
  headers: Record<string, string>
): { text: string; length: number } | undefined {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(rest)
  const length = Number(headers['content-length'] ?? 0)
  return rest.length < length ? undefined : { text: rest.slice(0, length), length }
}

function readChunks(rest: string): { text: string; length: number } | undefined {
  let text = ''
  let at = 0
  for (;;) {
    const end = rest.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = Number.parseInt(rest.slice(at, end), 16)
    if (rest.length < end + 2 + size + 2) return undefined
    text += rest.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
    if (size === 0) return { text, length: at }
  }
}
