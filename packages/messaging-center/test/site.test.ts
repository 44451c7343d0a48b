// The site as it is served, under its own policy: what it says it loads it may load, and nothing is refused.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, type Person, signUp, startStandalone } from '@parley/acceptance'
import { freePort } from '@parley/local-servers'
import { waitUntil } from '@parley/testing'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'

t.setTimeout(180_000)

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const needs = { skip: !browser && 'chromium cannot be had' }
const dataDir = await mkdtemp(join(tmpdir(), 'parley-site-'))
const [port, guest, stranger] = [await freePort(), await hostPage(), await hostPage()]
const parley = await startStandalone({
  dataDir,
  port,
  env: { PUBLIC_URL: `http://localhost:${port}`, ALLOWED_ORIGINS: guest }
})
t.teardown(async () => {
  await parley.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
})

/** Somebody else's page, on another site, with the element in it and a policy that allows just that; its origin. */
async function hostPage(): Promise<string> {
  const server = createServer((request, reply) => {
    if (request.url === '/page.css') {
      reply.setHeader('content-type', 'text/css')
      return reply.end('parley-messaging { block-size: 90vh }')
    }
    const { url } = parley
    reply.setHeader('content-type', 'text/html')
    reply.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src ${url}; connect-src ${url} ${url.replace('http', 'ws')}; img-src blob:; style-src 'self'`
    )
    return reply.end(`<!doctype html><title>A shop</title><link rel="stylesheet" href="/page.css">
      <script type="module" src="${url}/messaging/element.js"></script>
      <parley-messaging server="${url}" lang="en"></parley-messaging>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A page of a browser of its own; what its policy refuses and what it throws is a failure. */
async function openPage(t: Test): Promise<Page> {
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.on('pageerror', (error) => t.fail(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Security Policy')) t.fail(message.text())
  })
  return page
}

async function makeChat(owner: Person): Promise<string> {
  const { body } = await owner.api.post('/messaging/api/conversations/', { title: 'Tea' })
  return (body as { id: string }).id
}

t.test('the test page: log in, pick a chat, connect, send, and see every frame', needs, async (t) => {
  const ann = await signUp(parley.url, 'ann')
  const chat = await makeChat(ann)
  const page = await openPage(t)
  await page.goto(`${parley.url}/messaging/test/`)
  const line = (text: string | RegExp) =>
    page.getByRole('log').getByRole('listitem').filter({ hasText: text })
  await page.getByLabel('Username').fill(ann.user.username)
  await page.getByLabel('Password').fill('wrong password')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('alert').getByText('invalid_credentials').waitFor()
  await page.getByLabel('Password').fill(ann.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Logged in as').waitFor()

  await page.getByLabel('My chats').selectOption({ label: 'Tea' })
  t.equal(await page.getByLabel('Chat id').inputValue(), chat)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('status').getByText('Connected', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await line('{"content":"Hello!"}').filter({ hasText: 'out' }).waitFor()
  await line(/"type":"message".*"content":"Hello!"/)
    .filter({ hasText: 'in' })
    .waitFor()

  await page.getByRole('radio', { name: 'parley.v1' }).check()
  await page.getByLabel('Replay from').fill('0')
  await page.getByRole('button', { name: 'Connect again' }).click()
  await line('"type":"welcome"').waitFor()
  await line(/"type":"subscribed".*"since":0/).waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await line('"type":"ack"').waitFor()
  await page.getByText('Any frame').click()
  await page.getByLabel('Frame', { exact: true }).fill('{"type":"nonsense"}')
  await page.getByRole('button', { name: 'Send this frame' }).click()
  await line('unknown_frame').waitFor()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await line('Closed with 1000: closed, as was asked').last().waitFor()

  await page.getByLabel('Chat id').fill('00000000-0000-7000-8000-000000000000')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await line(/Closed with 1006.*404 not_found/).waitFor()
})

t.test('SEC-CORS the element in somebody else’s page, on another site', needs, async (t) => {
  const ben = await signUp(parley.url, 'ben')
  const chat = await makeChat(ben)
  const page = await openPage(t)
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(request.url()))
  await page.goto(guest)
  await page.getByLabel('Username').fill(ben.user.username)
  await page.getByLabel('Password', { exact: true }).fill(ben.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Tea', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('From the shop')
  await page.keyboard.press('Enter')
  const history = async () => {
    const { body } = await ben.api.get(`/messaging/api/conversations/${chat}/messages/`)
    return (body as { items: { body: string }[] }).items.map((message) => message.body)
  }
  await waitUntil(async () => (await history()).join() === 'From the shop', {
    message: 'it is said',
    timeout_ms: 20_000
  })
  t.equal(await page.locator('head > link, head > style').count(), 1, 'its head has what it had')
  t.strictSame(await page.context().cookies(), [], 'without any cookie')
  t.equal(page.url(), `${guest}/`, 'the page’s address is the page’s')
  const elsewhere = loaded.filter((url) => url.startsWith(guest)).map((url) => new URL(url).pathname)
  t.strictSame(
    elsewhere.filter((path) => path !== '/favicon.ico'),
    ['/', '/page.css'],
    'all parts come from Parley'
  )
  t.ok(
    loaded.some((url) => url.startsWith(`${parley.url}/messaging/assets/`)),
    'and some of them later'
  )

  await t.test('and in a page that is not on the list nobody gets in', async () => {
    const other = await openPage(t)
    await other.goto(stranger)
    await other.getByLabel('Username').fill(ben.user.username)
    await other.getByLabel('Password', { exact: true }).fill(ben.password)
    await other.getByRole('button', { name: 'Sign in', exact: true }).click()
    await other.getByRole('alert').first().waitFor()
  })
})
