import { createServer } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import t from 'tap'
import { WebSocketServer } from 'ws'
import {
  freePort,
  hashOfFolder,
  openSocket,
  testDatabase,
  testNats,
  UpgradeRefused,
  waitUntil
} from '../src/index.ts'

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

t.test('waitUntil', async (t) => {
  let looks = 0
  t.equal(await waitUntil(() => (++looks < 3 ? undefined : 'there'), { message: 'three looks' }), 'there')
  looks = 0
  await waitUntil(
    () => {
      if (++looks < 2) throw new Error('not yet')
      return true
    },
    { message: 'no throw' }
  )
  await t.rejects(
    waitUntil(() => Promise.resolve(0), { message: 'a number', timeout_ms: 30 }),
    { message: 'not within 30 ms: a number; last seen: 0' },
    'says what it waited for and what it saw'
  )
})

t.test('testDatabase', async (t) => {
  let migrations = 0
  const migrate = async (url: string) => {
    migrations++
    await query(url, 'CREATE TABLE things (name text)')
  }
  const options = { templateName: `testing ${process.pid}`, migrate }
  const [one, two] = await Promise.all([testDatabase(t, options), testDatabase(t, options)])
  t.equal(migrations, 1, 'two at once make one template')
  await query(one.url, `INSERT INTO things VALUES ('one')`)
  t.same(await query(one.url, 'SELECT * FROM things'), [{ name: 'one' }])
  t.same(await query(two.url, 'SELECT * FROM things'), [], 'clones are apart')

  let dropped = ''
  await t.test('dropped with its test', async (t) => {
    const { url } = await testDatabase(t, options)
    const held = new Client({ connectionString: url })
    held.on('error', () => undefined)
    await held.connect()
    dropped = url
  })
  await t.rejects(query(dropped, 'SELECT 1'), { code: '3D000' })

  const failing = {
    templateName: `failing ${process.pid}`,
    migrate: () => Promise.reject(new Error('bad migration'))
  }
  await t.rejects(testDatabase(t, failing), { message: 'bad migration' })
  const { url } = await testDatabase(t, { ...failing, migrate })
  t.same(await query(url, 'SELECT * FROM things'), [], 'a failed template is made again')
})

t.test('hashOfFolder', async (t) => {
  const folder = t.testdir()
  await writeFile(join(folder, '0001_a.sql'), 'SELECT 1')
  const first = await hashOfFolder(folder)
  t.equal(await hashOfFolder(new URL(`file://${folder}/`)), first)
  await writeFile(join(folder, '0001_a.sql'), 'SELECT 2')
  t.not(await hashOfFolder(folder), first)
})

t.test('openSocket', async (t) => {
  const port = await freePort()
  const server = createServer((_request, response) => response.writeHead(404).end('nothing here'))
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'parley.v1' })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/ws/') {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nConnection: close\r\n\r\nwho?')
      return
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.send(JSON.stringify({ type: 'welcome', header: request.headers['x-test'] }))
      ws.on('message', (data: Buffer) => ws.send(data.toString()))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${port}`

  const socket = await openSocket(`${url}/ws/`, { protocol: 'parley.v1', headers: { 'x-test': 'yes' } })
  t.equal(socket.protocol, 'parley.v1')
  t.match(await socket.next(), { type: 'welcome', header: 'yes' })
  for (const n of [1, 2, 3]) socket.send({ type: 'n', n })
  t.match(await socket.next((frame) => frame.n === 2), { n: 2 })
  t.match(await socket.next(), { n: 3 }, 'passed frames do not come back')
  t.equal(socket.frames.length, 4)
  await t.rejects(socket.next(undefined, 20), { message: /no such frame within 20 ms/ })
  const waiting = t.rejects(socket.next(), { message: /before the socket closed with 4000/ })
  t.same(await socket.close(4000, 'bye'), { code: 4000, reason: 'bye' })
  await waiting

  const refused = await openSocket(`${url}/elsewhere/`).catch((error: unknown) => error)
  t.ok(refused instanceof UpgradeRefused)
  t.match(refused, { status: 401, body: 'who?' })
  server.close()
  await t.rejects(openSocket('http://127.0.0.1:1/'), { code: 'ECONNREFUSED' })
})

t.test('testNats', async (t) => {
  const nats = await testNats(t)
  if (nats) t.match(nats.url, /^nats:\/\/127\.0\.0\.1:\d+$/)
})
