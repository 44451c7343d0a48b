import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

interface Teardown {
  teardown(end: () => unknown): void
}

const keys = { access_key_id: 'test-key', secret_access_key: 'test-secret' }
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/**
 * A bucket in memory. It is no S3 server, but refuses what one would: every request whose version 4 signature is not exactly that of its
 * method, path, headers and body. Written from the specification, not with the client's library.
 */
export async function bucketServer(t: Teardown) {
  const objects = new Map<string, { body: Buffer; type: string }>()
  const state = { failing: false }
  const server = createServer(async (request, reply) => {
    const body = await buffer(request)
    const refusal = state.failing ? 500 : verify(request, body)
    if (refusal !== undefined) return reply.writeHead(refusal).end()
    const path = request.url ?? ''
    if (request.method === 'PUT') {
      objects.set(path, { body, type: String(request.headers['content-type']) })
      return reply.writeHead(200).end()
    }
    if (request.method === 'DELETE') {
      objects.delete(path)
      return reply.writeHead(204).end()
    }
    const found = objects.get(path)
    if (!found) return reply.writeHead(404).end()
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers.range)) ?? []
    if (start === undefined) return reply.writeHead(200).end(found.body)
    return reply.writeHead(206).end(found.body.subarray(Number(start), Number(end) + 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const bucket = { endpoint: `http://127.0.0.1:${port}`, bucket: 'files', region: 'eu-test-1', ...keys }
  return { bucket, objects, state }
}

/** The status of the refusal, if it is one. */
function verify({ method = '', url = '', headers }: IncomingMessage, body: Buffer): number | undefined {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers.authorization ?? ''
    )
  if (!found) return 403
  const [, key, day = '', region = '', names = '', signature] = found
  const time = String(headers['x-amz-date'])
  const content = String(headers['x-amz-content-sha256'])
  if (content !== 'UNSIGNED-PAYLOAD' && content !== sha256(body)) return 400
  if (key !== keys.access_key_id || !names.split(';').includes('host')) return 403
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const [path, query = ''] = url.split('?')
  const canonical = [method, path, query, signed.join(''), names, content].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const secret = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${keys.secret_access_key}`, day), region))
  return hmac(secret, text).toString('hex') === signature ? undefined : 403
}
