import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { ProblemError } from '@parley/contracts'
import { AwsClient } from 'aws4fetch'
import type { FileStorage } from './file-storage.ts'

export interface Bucket {
  /** The server's address: the bucket is the first part of the path. */
  endpoint: string
  bucket: string
  region: string
  access_key_id: string
  secret_access_key: string
}

/** Milliseconds for a request that has no answer to stream. */
const TIMEOUT_MS = 60_000
/** Attempts beyond the first, where the server is busy or fails. */
const RETRIES = 2

/** Files in a bucket of any server that speaks S3, by requests signed with version 4. */
export function s3Storage({
  endpoint,
  bucket,
  region,
  access_key_id,
  secret_access_key
}: Bucket): FileStorage {
  const client = new AwsClient({
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    region,
    service: 's3',
    retries: RETRIES
  })

  async function ask(key: string, init: RequestInit): Promise<Response> {
    const url = `${endpoint.replace(/\/$/, '')}/${bucket}/${key}`
    const response = await client.fetch(url, init).catch(() => undefined)
    if (response?.ok) return response
    await response?.body?.cancel()
    throw new ProblemError(response?.status === 404 ? 'not_found' : 'unavailable', { retry_after_ms: 1_000 })
  }

  return {
    async put(key, { path, type }) {
      // The hash is signed: what arrives damaged is refused.
      const headers = { 'content-type': type, 'x-amz-content-sha256': await sha256(path) }
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      await ask(key, { method: 'PUT', body: await openAsBlob(path), headers, signal })
    },
    async read(key, range) {
      const headers = range ? { range: `bytes=${range.start}-${range.end}` } : {}
      const { body } = await ask(key, { headers })
      return body ? Readable.fromWeb(body as ReadableStream) : Readable.from([])
    },
    async remove(key) {
      await ask(key, { method: 'DELETE', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
        (error: unknown) => {
          if (!(error instanceof ProblemError && error.code === 'not_found')) throw error
        }
      )
    }
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
