// A hundred thousand messages, in a real Chromium: far up and down without a jump, in bounded memory, to the middle and back.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRoom, launchBrowser, makeRoom, say, signUp, startStandalone } from '@parley/acceptance'
import { startPostgres } from '@parley/local-servers'
import { waitUntil } from '@parley/testing'
import type { CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { fillConversation } from './fixtures/long-conversation.ts'
import { letPageAct, type Loaded, loadAtEnd, scrollUpAt, watchFrames } from './fixtures/scroll-driver.ts'

t.setTimeout(240_000)

const COUNT = 100_000
/** As the pane keeps them. */
const WINDOW = 300

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const folder = await mkdtemp(join(tmpdir(), 'parley-deep-'))
t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
t.teardown(() => postgres.stop())
const parley = await startStandalone({ dataDir: folder, env: { DATABASE_URL: postgres.url } })
t.teardown(() => parley.stop())

t.test('deep history', { skip: !browser && 'chromium cannot be had' }, async (t) => {
  if (!browser) return
  const [ann, ben] = await Promise.all([signUp(parley.url, 'ann'), signUp(parley.url, 'ben')])
  const room = await makeRoom(ann, ben)
  const sender_ids = [ann.user.id, ben.user.id]
  await fillConversation(postgres.url, { conversation_id: room, sender_ids, count: COUNT })
  const { head } = await findRoom(ann, room)

  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.on('pageerror', (error) => t.fail(error.message))
  const { username } = ann.user
  await page.request.post(`${parley.url}/messaging/api/auth/login/`, {
    data: { username, password: ann.password }
  })
  await page.addInitScript(letPageAct)
  await page.goto(`${parley.url}/messaging/#/c/${room}`)
  const list = page.getByRole('region', { name: 'Messages' })
  const message = (n: number) => list.getByText(new RegExp(`^Message ${n}\\b`))
  const devtools = await context.newCDPSession(page)
  const load = async (end: 'older' | 'newer', times: number) => {
    const all: Loaded[] = []
    for (let n = 0; n < times; n++) all.push(await page.evaluate(loadAtEnd, end))
    return all
  }
  const check = (what: string, all: readonly Loaded[]) => {
    const moved = Math.max(...all.map((one) => one.moved))
    t.ok(moved <= 1.5, `${what}: nothing in view moved by more than a pixel: ${moved.toFixed(2)}`)
    const most = Math.max(...all.map(({ articles }) => articles))
    t.ok(most <= WINDOW, `${what}: the list holds no more than its window: ${most}`)
  }

  await message(COUNT).waitFor()
  t.equal(await page.getByRole('button', { name: 'Jump to newest' }).count(), 0, 'it opens at the newest')

  const first = await load('older', 8)
  const small = await sizeOf(devtools)
  const up = await load('older', 40)
  const large = await sizeOf(devtools)
  check('up', [...first, ...up])
  t.ok((up.at(-1)?.first ?? head) < head - 2_500, 'it went far')
  t.comment(`after 8 pages ${text(small)}, after 48 ${text(large)}`)
  t.ok(large.heap - small.heap < 3_000_000, 'the heap does not grow with what was read')
  t.ok(large.nodes < small.nodes * 1.3 + 500, 'nor does the page')

  check('down', await load('newer', 20))
  t.comment(`frames in a fast wheel: ${await framesOf(page)}`)

  await page.evaluate(
    (hash) => {
      location.hash = hash
    },
    `#/c/${room}?m=${head - COUNT + 50_000}`
  )
  await message(50_000).waitFor()
  const at = await message(50_000).boundingBox()
  t.ok(at && at.y > 150 && at.y < 600, `the message that was jumped to is in the middle: ${at?.y}`)
  await waitUntil(() => page.evaluate(focusedText).then((focused) => /Message 50000\b/.test(focused)), {
    message: 'it has the focus'
  })
  check('from the middle up', await load('older', 8))
  check('and down', await load('newer', 12))

  // What is said meanwhile is there when one comes back, and not before.
  await say(ben, room, 'Said meanwhile')
  await page.getByRole('button', { name: '1 new message' }).click()
  await list.getByText('Said meanwhile').waitFor()
  t.equal(await list.getByText(/^Message 100000\b/).count(), 1)
  await waitUntil(async () => (await findRoom(ann, room)).unread_count === 0, { message: 'it is read' })
  await say(ben, room, 'And more')
  await list.getByText('And more').waitFor()
  check('at the end', await load('older', 3))

  // While nobody looks nothing is read; what came then is read as far as it is in view.
  await page.getByRole('button', { name: 'Jump to newest' }).click()
  const unread = async () => (await findRoom(ann, room)).unread_count
  await waitUntil(async () => (await unread()) === 0, { message: 'all of it is read' })
  await page.evaluate('document.hasFocus = () => false')
  for (let n = 1; n <= 30; n++) await say(ben, room, `While away ${n}`)
  await page.getByRole('button', { name: /^\d+ new messages$/ }).waitFor()
  await list.getByText('While away 1', { exact: true }).waitFor()
  t.equal(await unread(), 30)
  await page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")
  await waitUntil(async () => (await unread()) < 30, { message: 'what is in view is read' })
  const line = await list.getByText('New messages', { exact: true }).boundingBox()
  t.ok(line && line.y > 0, 'where it begins is in view')
  t.ok((await unread()) > 0, 'and what is below is not read')
  await page.getByRole('button', { name: /new message/ }).click()
  await waitUntil(async () => (await unread()) === 0, { message: 'all of it is read' })

  // What is drawn after one has scrolled, but before the browser says so, does not take one back.
  await page.evaluate(scrollUpAt, 'Said as one scrolls')
  await say(ben, room, 'Said as one scrolls')
  await page.getByRole('button', { name: '1 new message' }).waitFor()
})

async function sizeOf(devtools: CDPSession): Promise<{ heap: number; nodes: number }> {
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('Performance.enable')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes') }
}

const text = ({ heap, nodes }: { heap: number; nodes: number }) =>
  `${(heap / 1e6).toFixed(1)} MB and ${nodes} nodes`

/** Scrolled as fast as a hand does, for as long as the list goes on. */
async function framesOf(page: Page): Promise<string> {
  await page.mouse.move(500, 400)
  await page.evaluate(watchFrames)
  for (let n = 0; n < 60; n++) await page.mouse.wheel(0, n < 30 ? -400 : 400)
  const times = (await page.evaluate('stopFrames()')) as number[]
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  return `${sorted.length}, median ${at(0.5)} ms, 95% within ${at(0.95)} ms, longest ${at(1)} ms`
}

function focusedText(): string {
  return document.querySelector('parley-messaging')?.shadowRoot?.activeElement?.textContent ?? ''
}
