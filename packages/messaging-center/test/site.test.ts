// The site as it is served, under its own policy: what it says it loads it may load, and nothing is refused.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, type Person, signUp, startStandalone } from '@parley/acceptance'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'

t.setTimeout(180_000)

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const needs = { skip: !browser && 'chromium cannot be had' }
const dataDir = await mkdtemp(join(tmpdir(), 'parley-site-'))
const parley = await startStandalone({ dataDir })
t.teardown(async () => {
  await parley.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
})

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
