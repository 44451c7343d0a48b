import { testAuthority, tlsServer } from '@parley/testing'
import t from 'tap'
import { AddressGuard } from '../../src/outward/address-guard.ts'
import { failureOf, outcomeOf } from '../../src/outward/outcome-of.ts'
import { OutwardClient } from '../../src/outward/outward-client.ts'

const ca = testAuthority.pem
const trusting = { ca, networks: ['loopback'] }

t.test('SEC-OUTWARD no internal address is called', async (t) => {
  const guard = new AddressGuard()
  const internal = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::'
  ]
  for (const address of internal) t.notOk(guard.mayCall(address), address)
  for (const address of ['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])
    t.ok(guard.mayCall(address), address)
  const allowing = new AddressGuard(['10.1.0.0/16', 'fd00:1::/32', '192.168.7.7'])
  for (const address of ['10.1.200.1', '::ffff:10.1.0.1', 'fd00:1::5', '192.168.7.7'])
    t.ok(allowing.mayCall(address), address)
  for (const address of ['10.2.0.1', 'fd00:2::5', '192.168.7.8', '127.0.0.1'])
    t.notOk(allowing.mayCall(address), address)
})

t.test('SEC-OUTWARD however the address is written, nobody is called', async (t) => {
  const { url, requests } = await tlsServer(t, () => 200)
  const { port } = new URL(url)
  const client = new OutwardClient({ ca })
  t.teardown(() => client.close())
  for (const host of [
    'localhost',
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::1]',
    '[::ffff:127.0.0.1]'
  ])
    await t.rejects(client.post(`https://${host}:${port}/`, {}, ''), { name: 'InternalAddress' }, host)
  await t.rejects(client.post(`http://localhost:${port}/`, {}, ''), { name: 'TypeError' })
  await t.rejects(client.post('file:///etc/passwd', {}, ''), { name: 'TypeError' })
  t.strictSame(requests, [])
})

t.test('SEC-OUTWARD a certificate counts, a redirect does not, and it ends in time', async (t) => {
  const inside = await tlsServer(t, () => 200)
  const { url, requests } = await tlsServer(t, () => ({ status: 302, headers: { location: inside.url } }))
  const distrusting = new OutwardClient({ networks: ['loopback'] })
  const client = new OutwardClient(trusting)
  t.teardown(() => [client, distrusting].forEach((one) => one.close()))
  await t.rejects(distrusting.post(url, {}, ''), /certificate/)
  t.match(await client.post(`${url}/hook?x=1`, { 'x-test': 'yes' }, 'bødy'), { status: 302 })
  t.strictSame(inside.requests, [])
  t.match(requests, [
    { method: 'POST', path: '/hook?x=1', headers: { 'x-test': 'yes', 'content-length': '5' } }
  ])
  t.equal(requests[0]?.body.toString(), 'bødy')
})

t.test('SEC-OUTWARD one that never answers is given up', async (t) => {
  const { createServer } = await import('node:net')
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  t.teardown(() => silent.close())
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const client = new OutwardClient({ ...trusting, timeout_ms: 200 })
  t.teardown(() => client.close())
  await t.rejects(client.post(`https://localhost:${port}/`, {}, ''), { name: 'AbortError' })
})

t.test('what an answer means', async (t) => {
  const answer = (status: number, retry_after_ms?: number) => outcomeOf({ status, retry_after_ms }).result
  t.strictSame(
    [200, 201, 204].map((status) => answer(status)),
    ['sent', 'sent', 'sent']
  )
  t.strictSame(
    [404, 410].map((status) => answer(status)),
    ['gone', 'gone']
  )
  t.strictSame(
    [408, 429, 500, 503].map((status) => answer(status)),
    ['later', 'later', 'later', 'later']
  )
  t.strictSame(
    [301, 400, 401, 413].map((status) => answer(status)),
    ['never', 'never', 'never', 'never']
  )
  t.strictSame(outcomeOf({ status: 429, retry_after_ms: 5_000 }), {
    result: 'later',
    error: 'answered 429',
    retry_after_ms: 5_000
  })
  t.match(failureOf(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })), {
    result: 'later',
    error: 'ECONNREFUSED'
  })
})
