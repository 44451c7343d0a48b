import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { TestContext } from './test-context.ts'

const tls = (name: string) => fileURLToPath(new URL(`../tls/${name}`, import.meta.url))

/** The authority that signed the {@link tlsServer}'s certificate: a file for `NODE_EXTRA_CA_CERTS`, and its text. */
export const testAuthority = { path: tls('ca.pem'), pem: readFileSync(tls('ca.pem'), 'utf8') }

export interface TlsRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface TlsServer {
  url: string
  /** All that came, the first first. */
  requests: TlsRequest[]
}

/**
 * An https server of the test's own at `https://localhost`, whose certificate nobody trusts but who is told to. `answer` says what a
 * request is answered: a status, or a status with headers.
 *
 * @example
 * const { url, requests } = await tlsServer(t, () => ({ status: 503, headers: { 'retry-after': '1' } }))
 */
export async function tlsServer(
  t: TestContext,
  answer: (request: TlsRequest, count: number) => number | { status: number; headers: Record<string, string> }
): Promise<TlsServer> {
  const requests: TlsRequest[] = []
  const options = { key: readFileSync(tls('server.key')), cert: readFileSync(tls('server.pem')) }
  const server = createServer(options, async (incoming, reply) => {
    const { method = '', url: path = '', headers } = incoming
    const pieces: Buffer[] = []
    for await (const piece of incoming) pieces.push(piece)
    const request = { method, path, headers, body: Buffer.concat(pieces) }
    const said = answer(request, requests.push(request))
    const { status, headers: more } = typeof said === 'number' ? { status: said, headers: {} } : said
    reply.writeHead(status, more).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, requests }
}
