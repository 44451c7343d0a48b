import { readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Attachment } from '@parley/contracts'
import sharp from 'sharp'
import type { Test } from 'tap'
import { api, type Person } from '../api-harness.ts'

export type Body = NonNullable<RequestInit['body']>

/** The service with a listener, keeping its files in a folder of the test's own. */
export async function fileService(t: Test) {
  const folder = t.testdir()
  const service = await api(t, { RATE_LIMITS: 'off', ATTACHMENTS_DIR: folder })
  await service.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = service.app.server.address() as AddressInfo
  const url = (path: string) => `http://127.0.0.1:${port}/messaging/api/${path}`

  function upload(who: Person, body: Body, type: string, name = 'file.bin', more: RequestInit = {}) {
    return fetch(url(`attachments/?name=${encodeURIComponent(name)}`), {
      method: 'POST',
      headers: { authorization: `Bearer ${who.token}`, 'content-type': type },
      body,
      ...more
    })
  }

  async function uploaded(who: Person, body: Body, type: string, name?: string): Promise<Attachment> {
    const reply = await upload(who, body, type, name)
    if (reply.status !== 201) throw new Error(await reply.text())
    return (await reply.json()) as Attachment
  }

  const read = (who: Person, path: string, headers = {}) =>
    fetch(url(`attachments/${path}`), { headers: { authorization: `Bearer ${who.token}`, ...headers } })

  /** Every file there is, incoming ones too. */
  async function files(): Promise<string[]> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true })
    return found.filter((entry) => entry.isFile()).map(({ name }) => name)
  }

  return { ...service, folder, url, upload, uploaded, read, files }
}

export function picture(width = 40, height = 20, format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .toFormat(format)
    .toBuffer()
}

export async function refused(reply: Response): Promise<string> {
  const { code } = (await reply.json()) as { code: string }
  return `${reply.status} ${code}`
}
