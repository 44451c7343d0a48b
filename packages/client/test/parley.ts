import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Person, type Standalone, signUp, startStandalone } from '@parley/acceptance'
import type { TestContext } from '@parley/testing'
import { type Client, type ClientOptions, createClient } from '../src/index.ts'

export interface TestParley extends Standalone {
  signUp(name: string): Promise<Person>
}

/** A standalone Parley as a process of its own, gone after the test. */
export async function testParley(t: TestContext, env: Record<string, string> = {}): Promise<TestParley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-client-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }))
  const parley = await startStandalone({ dataDir, env })
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
