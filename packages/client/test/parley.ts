import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Person,
  type Standalone,
  type StandaloneOptions,
  signUp,
  startStandalone
} from '@parley/acceptance'
import type { TestContext } from '@parley/testing'
import { type Client, type ClientOptions, createClient } from '../src/index.ts'

export interface TestParley extends Standalone {
  signUp(name: string): Promise<Person>
}

/** Gone after the test. */
export async function dataFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-client-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A standalone Parley as a process of its own, gone after the test. */
export async function testParley(
  t: TestContext,
  options: Partial<StandaloneOptions> = {}
): Promise<TestParley> {
  const parley = await startStandalone({ dataDir: options.dataDir ?? (await dataFolder(t)), ...options })
  t.teardown(() => parley.stop())
  return { ...parley, signUp: (name) => signUp(parley.url, name) }
}

/** Disconnected after the test. */
export function clientOf(
  t: TestContext,
  url: string,
  { token }: Person,
  options: ClientOptions = {}
): Client {
  const client = createClient({ url, token, ...options })
  t.teardown(() => client.disconnect())
  return client
}

/** A group; resolves with its id. */
export async function makeRoom(client: Client, ...member_ids: string[]): Promise<string> {
  return (await client.rest('POST conversations/', { member_ids })).id
}
