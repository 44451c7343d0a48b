import { randomUUIDv7 } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { FileStorage } from '../../src/attachments/file-storage.ts'

/** What every storage of files promises. */
export async function fileStorageSuite(t: Test, storage: FileStorage): Promise<void> {
  const folder = t.testdir()
  const store = async (key: string, content: string) => {
    const path = join(folder, key)
    await writeFile(path, content)
    await storage.put(key, { path, type: 'text/plain' })
  }

  await t.test('what was put is read, whole or in parts', async (t) => {
    const key = randomUUIDv7()
    await store(key, 'hello world')
    t.equal(await text(await storage.read(key)), 'hello world')
    t.equal(await text(await storage.read(key, { start: 0, end: 4 })), 'hello')
    t.equal(await text(await storage.read(key, { start: 6, end: 10 })), 'world')
  })

  await t.test('what is not there is not found, and removed all the same', async (t) => {
    await t.rejects(storage.read(randomUUIDv7()), { code: 'not_found' })
    await storage.remove(randomUUIDv7())
  })

  await t.test('what was removed is gone, and nothing else', async (t) => {
    const [gone, kept] = [randomUUIDv7(), randomUUIDv7()]
    await store(gone, 'gone')
    await store(`${gone}.thumbnail`, 'small')
    await store(kept, 'kept')
    await storage.remove(gone)
    await t.rejects(storage.read(gone), { code: 'not_found' })
    t.equal(await text(await storage.read(`${gone}.thumbnail`)), 'small')
    t.equal(await text(await storage.read(kept)), 'kept')
  })
}
