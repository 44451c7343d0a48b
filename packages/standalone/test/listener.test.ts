import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { openListener } from '../src/listener.ts'

t.test('what does not end in time is ended: also an upgrade that nobody answers', async (t) => {
  const listener = await openListener('127.0.0.1', 0)
  const gateway = createServer()
  const upgrade = once(gateway, 'upgrade')
  const never = { routing: () => undefined, server: createServer() }
  listener.serve({ api: never, own: never, gateway: { routing: never.routing, server: gateway } })
  const upgrading = connect(listener.port, '127.0.0.1')
  const asking = connect(listener.port, '127.0.0.1')
  const closed = Promise.all([once(upgrading, 'close'), once(asking, 'close')])
  upgrading.write('GET /ws/chat/1/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  asking.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
  await upgrade
  await listener.close(50)
  await closed
  t.pass('the listener closed, and both were ended')
})
