import { randomUUIDv7 } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { diskStorage } from '../../src/attachments/disk-storage.ts'
import { s3Storage } from '../../src/attachments/s3-storage.ts'
import { openStorage } from '../../src/attachments/storage-config.ts'
import { bucketServer } from './bucket-server.ts'
import { fileStorageSuite } from './file-storage-suite.ts'

t.test('a folder', (t) => fileStorageSuite(t, diskStorage(t.testdir())))

t.test('a bucket', async (t) => {
  const { bucket, objects } = await bucketServer(t)
  await fileStorageSuite(t, s3Storage(bucket))
  t.ok([...objects.values()].every(({ type }) => type === 'text/plain'))
})

t.test('a bucket that refuses or fails is unavailable', async (t) => {
  const { bucket, objects, state } = await bucketServer(t)
  const path = join(t.testdir(), 'file')
  await writeFile(path, 'content')
  const file = { path, type: 'text/plain' }
  const stranger = s3Storage({ ...bucket, secret_access_key: 'wrong' })
  await t.rejects(stranger.put(randomUUIDv7(), file), { code: 'unavailable' })
  state.failing = true
  await t.rejects(s3Storage(bucket).put(randomUUIDv7(), file), { code: 'unavailable' })
  await t.rejects(s3Storage(bucket).remove(randomUUIDv7()), { code: 'unavailable' })
  const away = s3Storage({ ...bucket, endpoint: 'http://127.0.0.1:1' })
  await t.rejects(away.read(randomUUIDv7()), { code: 'unavailable' })
  t.equal(objects.size, 0)
})

t.test('half a bucket is none', async (t) => {
  const config = { PORT: 0, DATABASE_URL: '', INTERNAL_SECRET: '', RATE_LIMITS: 'on' } as const
  t.throws(() => openStorage({ ...config, S3_BUCKET: 'files', S3_ENDPOINT: 'http://127.0.0.1:1' }), {
    name: 'StartError',
    message: 'S3_ACCESS_KEY_ID: is required for a bucket\nS3_SECRET_ACCESS_KEY: is required for a bucket'
  })
})
