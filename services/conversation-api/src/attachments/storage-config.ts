import { join } from 'node:path'
import { StartError } from '@parley/service-kit'
import type { AppConfig } from '../config.ts'
import { diskStorage } from './disk-storage.ts'
import type { FileStorage } from './file-storage.ts'
import { s3Storage } from './s3-storage.ts'

const DEFAULT_FOLDER = './data/attachments'

/** Where files are kept, and the folder in which uploads are gathered until they are whole. Throws {@link StartError}. */
export function openStorage(config: AppConfig): { storage: FileStorage; incoming: string } {
  const folder = config.ATTACHMENTS_DIR ?? DEFAULT_FOLDER
  const incoming = join(folder, 'incoming')
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION = 'us-east-1' } = config
  const needed = { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }
  const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []))
  if (missing.length === Object.keys(needed).length) return { storage: diskStorage(folder), incoming }
  if (!S3_ENDPOINT || !S3_BUCKET || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY)
    throw new StartError(missing.map((name) => `${name}: is required for a bucket`).join('\n'))
  const keys = { access_key_id: S3_ACCESS_KEY_ID, secret_access_key: S3_SECRET_ACCESS_KEY }
  const storage = s3Storage({ endpoint: S3_ENDPOINT, bucket: S3_BUCKET, region: S3_REGION, ...keys })
  return { storage, incoming }
}
