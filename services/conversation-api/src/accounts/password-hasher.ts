import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { type WorkQueue, createWorkQueue } from './work-queue.ts'

/** OWASP's argon2id: 19 MiB, two passes, one lane; about 30 ms of one core. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

export interface PasswordHasher {
  /** A PHC string. */
  hash(password: string): Promise<string>
  /** Costs the same time without a hash, so that nobody learns which users exist. */
  verify(password: string, phc: string | undefined): Promise<boolean>
}

/**
 * Argon2id, two hashes at a time so that memory and the other cores stay free; both calls throw `rate_limited` with
 * `retry_after_ms` when more than `waiting` others are in line.
 *
 * @example
 * const hasher = createPasswordHasher({ waiting: 32 })
 * await hasher.verify('correct horse', await hasher.hash('correct horse')) // true
 */
export function createPasswordHasher({ waiting }: { waiting: number }): PasswordHasher {
  const queue: WorkQueue = createWorkQueue({ concurrency: 2, waiting })
  return {
    hash: (password) =>
      queue(async () => {
        const salt = randomBytes(SALT_BYTES)
        const tag = await derive('argon2id', {
          ...cost,
          message: password,
          nonce: salt,
          tagLength: TAG_BYTES
        })
        return toPhc(salt, tag)
      }),
    verify: (password, phc) =>
      queue(async () => {
        const { salt, tag, ...stored } = parsePhc(phc ?? nobodys)
        const found = await derive('argon2id', {
          ...stored,
          message: password,
          nonce: salt,
          tagLength: tag.length
        })
        return timingSafeEqual(found, tag) && phc !== undefined
      })
  }
}

const nobodys = toPhc(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES))

function toPhc(salt: Buffer, tag: Buffer): string {
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

const phcPattern = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parsePhc(phc: string) {
  const [, memory, passes, parallelism, salt, tag] = phcPattern.exec(phc) ?? []
  if (!salt || !tag) throw new Error('a stored password hash is not readable')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64')
  }
}
