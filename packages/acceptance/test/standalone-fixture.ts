import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from '@parley/testing'
import { type Standalone, type StandaloneOptions, startStandalone } from '../src/index.ts'

/** A folder that is gone after the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-acceptance-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A standalone Parley on an empty folder, stopped after the test. */
export async function testStandalone(
  t: TestContext,
  options: Partial<StandaloneOptions> = {}
): Promise<Standalone> {
  const dataDir = options.dataDir ?? (await temporaryFolder(t))
  const parley = await startStandalone({ ...options, dataDir })
  t.teardown(async () => {
    const { code, signal } = await parley.stop()
    if (code !== 0 && signal !== 'SIGKILL')
      console.error(`Parley ended with ${signal ?? code}:\n${parley.output()}`)
  })
  return parley
}
