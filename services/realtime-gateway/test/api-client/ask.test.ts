// An answer comes whole or not at all.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Pool } from 'undici'
import { ask } from '../../src/api-client/ask.ts'

async function answering(t: Test, answer: (response: ServerResponse) => unknown): Promise<Pool> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { bodyTimeout: 200 })
  t.teardown(async () => {
    await pool.destroy()
    server.closeAllConnections()
    server.close()
  })
  return pool
}

const request = { method: 'POST', path: '/', body: '{}' } as const

t.test('status and body, however many pieces it comes in', async (t) => {
  const pieces = ['one', 'two', 'three']
  const pool = await answering(t, async (response) => {
    response.writeHead(503)
    for (const piece of pieces.splice(0)) {
      response.write(piece)
      await delay(20)
    }
    response.end()
  })
  t.match(await ask(pool, request), { status: 503, body: Buffer.from('onetwothree') })
  t.match(await ask(pool, request), { status: 503, body: Buffer.alloc(0) })
})

t.test('part of an answer is none', async (t) => {
  const cut = await answering(t, (response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('half', () => response.destroy())
  })
  await t.rejects(ask(cut, request), { code: 'UND_ERR_SOCKET' })
  const stuck = await answering(t, (response) =>
    response.writeHead(200, { 'content-length': 10 }).write('half')
  )
  await t.rejects(ask(stuck, request), { code: 'UND_ERR_BODY_TIMEOUT' })
})

t.test('what is no request is refused by the promise', async (t) => {
  const pool = await answering(t, (response) => response.end())
  await t.rejects(ask(pool, { ...request, path: 'no slash' }), { code: 'UND_ERR_INVALID_ARG' })
})
