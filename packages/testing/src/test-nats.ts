import {
  findNatsServer,
  installDebianPackage,
  type NatsServer,
  type NatsServerOptions,
  startNatsServer
} from '@parley/local-servers'
import type { SkippableContext } from './test-context.ts'

/**
 * A nats-server of one's own on an empty temporary store, stopped when the test is done. Where none can be had (not on PATH, not
 * to be installed) the test is skipped by name and this is undefined; a CI run counts such a skip as a failure.
 *
 * @example
 * const nats = await testNats(t)
 * if (!nats) return
 */
export async function testNats(
  t: SkippableContext,
  options: NatsServerOptions = {}
): Promise<NatsServer | undefined> {
  if (!findNatsServer() && !(await installDebianPackage('nats-server'))) {
    t.skip('nats-server is not to be had', () => undefined)
    return undefined
  }
  const server = await startNatsServer(options)
  t.teardown(() => server.stop())
  return server
}
