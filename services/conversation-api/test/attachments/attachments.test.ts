import { request } from 'node:http'
import { crc32 } from 'node:zlib'
import { limits } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import sharp from 'sharp'
import t from 'tap'
import { AttachmentSweeper } from '../../src/attachments/attachment-sweeper.ts'
import { byteRange } from '../../src/attachments/file-reply.ts'
import { openStorage } from '../../src/attachments/storage-config.ts'
import { ORIGIN } from '../api-harness.ts'
import { type Body, fileService, picture, refused } from './file-service.ts'

const service = await fileService(t)
const { folder, url, upload, uploaded, read, files } = service
const alice = await service.person('alice')
const bob = await service.person('bob')
const eve = await service.person('eve')

const byText = (a: string, b: string) => a.localeCompare(b)

/** The same PNG, saying that it has so many pixels. */
function sized(png: Buffer, width: number, height: number): Buffer {
  const larger = Buffer.from(png)
  larger.writeUInt32BE(width, 16)
  larger.writeUInt32BE(height, 20)
  larger.writeUInt32BE(crc32(larger.subarray(12, 29)), 29)
  return larger
}

t.test('a picture is uploaded as it is, measured, and has a thumbnail', async (t) => {
  const bytes = await picture(1000, 500)
  const file = await uploaded(alice, bytes, 'image/png', 'Übersicht "1".png')
  t.match(file, {
    name: 'Übersicht "1".png',
    type: 'image/png',
    size: bytes.length,
    width: 1000,
    height: 500,
    thumbnail: true
  })
  const got = await read(alice, `${file.id}/`)
  t.same(Buffer.from(await got.arrayBuffer()), bytes)
  const small = await read(alice, `${file.id}/thumbnail/`)
  t.equal(small.headers.get('content-type'), 'image/webp')
  t.match(await sharp(await small.arrayBuffer()).metadata(), { format: 'webp', width: 320, height: 160 })
})

t.test('a turned photograph is measured as it is looked at', async (t) => {
  const turned = await sharp(await picture(60, 30, 'jpeg'))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  t.match(await uploaded(alice, turned, 'image/jpeg'), { width: 30, height: 60 })
})

t.test('what is not what it says, not taken, empty or too large leaves nothing', async (t) => {
  const before = (await files()).length
  const { rows } = await service.pool.query('select count(*)::int as n from attachments')
  const png = await picture()
  const bomb = sized(png, 10_000, 5_001)
  const cases: [string, Body, string, string][] = [
    ['HTML', '<script>alert(1)</script>', 'text/html', '415 file_type_refused'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', '415 file_type_refused'],
    ['form', 'a=b', 'application/x-www-form-urlencoded', '415 file_type_refused'],
    ['HTML as PNG', '<script>alert(1)</script>', 'image/png', '415 file_type_mismatch'],
    ['PNG as JPEG', png, 'image/jpeg', '415 file_type_mismatch'],
    ['PNG as text', png, 'text/plain', '415 file_type_mismatch'],
    ['text as PDF', 'hello', 'application/pdf', '415 file_type_mismatch'],
    ['half a PNG', png.subarray(0, png.length - 40), 'image/png', '415 file_type_mismatch'],
    ['a bomb', bomb, 'image/png', '413 image_too_large'],
    ['nothing', '', 'text/plain', '400 bad_request'],
    [
      'too many bytes',
      Buffer.alloc(limits.attachment_bytes + 1),
      'application/octet-stream',
      '413 payload_too_large'
    ],
    ['a path for a name', 'hello', 'text/plain', '400 validation_failed']
  ]
  for (const [name, body, type, wanted] of cases) {
    const called = name === 'a path for a name' ? '../../etc/passwd' : 'file'
    t.equal(await refused(await upload(alice, body, type, called)), wanted, name)
  }
  const endless = new ReadableStream({
    async pull(controller) {
      controller.enqueue(Buffer.alloc(1024 * 1024))
      if (++sent > limits.attachment_bytes / 1024 / 1024) controller.close()
    }
  })
  let sent = 0
  const streamed = await upload(alice, endless, 'application/octet-stream', 'x', {
    duplex: 'half'
  } as RequestInit)
  t.equal(await refused(streamed), '413 payload_too_large')
  t.equal((await files()).length, before)
  t.same((await service.pool.query('select count(*)::int as n from attachments')).rows, rows)
})

t.test('a cut upload leaves nothing', async (t) => {
  const before = await files()
  const half = request(url('attachments/?name=x'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${alice.token}`,
      'content-type': 'text/plain',
      'content-length': 1_000_000
    }
  })
  half.on('error', () => undefined)
  half.write('x'.repeat(100_000))
  await waitUntil(async () => (await files()).length > before.length, { message: 'it is on its way' })
  half.destroy()
  await waitUntil(async () => (await files()).length === before.length, { message: 'nothing is left' })
  t.strictSame((await files()).toSorted(byText), before.toSorted(byText))
})

t.test('SEC-ORIGIN no page of another site uploads', async (t) => {
  const path = 'attachments/?name=x'
  const cookie = `parley_session=${alice.token}`
  const send = (headers: Record<string, string>) =>
    fetch(url(path), { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body: 'hello' })
  t.equal((await send({ cookie, origin: 'https://evil.example' })).status, 403)
  t.equal((await send({ cookie })).status, 403)
  t.equal((await send({ cookie, origin: ORIGIN })).status, 201)
  t.equal((await send({})).status, 401)
})

t.test('an upload is its uploader’s alone until it is sent, and can be taken back', async (t) => {
  const { id } = await uploaded(alice, 'mine', 'text/plain')
  t.equal((await read(alice, `${id}/`)).status, 200)
  t.equal((await read(alice, `${id}/thumbnail/`)).status, 404)
  for (const path of [`${id}/`, `${id}/thumbnail/`])
    t.equal(await refused(await read(bob, path)), '404 not_found')
  t.equal((await bob.delete(`attachments/${id}/`)).status, 404)
  t.equal((await alice.delete(`attachments/${id}/`)).status, 204)
  t.equal((await alice.delete(`attachments/${id}/`)).status, 404)
  t.equal((await read(alice, `${id}/`)).status, 404)
})

t.test('a browser runs nothing of a file', async (t) => {
  const png = await uploaded(alice, await picture(), 'image/png', 'a.png')
  const text = await uploaded(alice, '<script>alert(1)</script>', 'text/plain; charset=latin1', 'x.html')
  const shown = await read(alice, `${png.id}/`)
  const saved = await read(alice, `${text.id}/`)
  const asked = await read(alice, `${png.id}/?download=true`)
  t.match(shown.headers.get('content-disposition'), /^inline; filename="a.png"/)
  t.match(saved.headers.get('content-disposition'), /^attachment; filename="x.html"/)
  t.match(asked.headers.get('content-disposition'), /^attachment;/)
  t.equal(saved.headers.get('content-type'), 'text/plain; charset=utf-8')
  for (const { headers } of [shown, saved, asked]) {
    t.equal(headers.get('x-content-type-options'), 'nosniff')
    t.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox; frame-ancestors 'none'")
    t.equal(headers.get('cache-control'), 'private, no-cache')
  }
  const again = await read(alice, `${png.id}/`, { 'if-none-match': shown.headers.get('etag') ?? '' })
  t.equal(again.status, 304)
})

t.test('parts of a file', async (t) => {
  const { id } = await uploaded(alice, 'hello world', 'text/plain')
  const part = await read(alice, `${id}/`, { range: 'bytes=6-' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), 'bytes 6-10/11')
  t.equal(await part.text(), 'world')
  const beyond = await read(alice, `${id}/`, { range: 'bytes=11-' })
  t.equal(beyond.status, 416)
  t.equal(beyond.headers.get('content-range'), 'bytes */11')
  t.strictSame(
    [
      'bytes=0-4',
      'bytes=-3',
      'bytes=4-100',
      'bytes=-100',
      undefined,
      'bytes=0-1,3-4',
      'lines=1-2',
      'bytes=-',
      'bytes=5-4',
      'bytes=-0'
    ].map((header) => byteRange(header, 11)),
    [
      { start: 0, end: 4 },
      { start: 8, end: 10 },
      { start: 4, end: 10 },
      { start: 0, end: 10 },
      undefined,
      undefined,
      undefined,
      undefined,
      'unsatisfiable',
      'unsatisfiable'
    ]
  )
})

t.test('each user has so much room', async (t) => {
  const { id } = await uploaded(eve, 'x', 'text/plain')
  await service.pool.query('update attachments set size = $2 where id = $1', [
    id,
    limits.attachments_user_bytes - 10
  ])
  t.equal(await refused(await upload(eve, 'more than ten bytes', 'text/plain')), '409 quota_exceeded')
  const both = await Promise.all([upload(eve, '123456', 'text/plain'), upload(eve, '123456', 'text/plain')])
  t.strictSame(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409]
  )
  await eve.delete(`attachments/${id}/`)
  t.equal((await upload(eve, 'more than ten bytes', 'text/plain')).status, 201)
})

t.test('what is never sent is swept, and its bytes with it', async (t) => {
  const { id } = await uploaded(alice, await picture(), 'image/png')
  t.ok((await files()).includes(id))
  await service.pool.query(`update attachments set created_at = now() - interval '25 hours' where id = $1`, [
    id
  ])
  const files_of = openStorage({
    PORT: 0,
    DATABASE_URL: '',
    INTERNAL_SECRET: '',
    RATE_LIMITS: 'on',
    ATTACHMENTS_DIR: folder
  })
  const sweeper = new AttachmentSweeper(service.db, files_of, service.app.log as never)
  await sweeper.sweep()
  t.notOk((await files()).some((name) => name.startsWith(id)))
  t.equal((await read(alice, `${id}/`)).status, 404)
})
