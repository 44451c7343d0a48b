// `npm run screenshots`: the pictures of docs/messaging-center.md, of a Parley in which it is always the same moment.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, startStandalone, workspaceRoot } from '@parley/acceptance'
import { createClient } from '@parley/client'
import { startPostgres } from '@parley/local-servers'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { foundChoir, NOW, PASSWORD, type Singer } from './choir.ts'
import { fix } from './fixed.ts'
import { drawPoster } from './poster.ts'

const folder = join(workspaceRoot, 'docs/screenshots')
const wide = { viewport: { width: 1080, height: 680 } }
const tall = { viewport: { width: 880, height: 780 } }
/** With room for three columns. */
const wider = { viewport: { width: 1156, height: 600 } }
const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }
const closing: (() => Promise<unknown>)[] = []

try {
  const browser = await launchBrowser()
  if (!browser) throw new Error('chromium cannot be had')
  closing.push(() => browser.close())
  const data = await mkdtemp(join(tmpdir(), 'parley-screenshots-'))
  closing.push(() => rm(data, { recursive: true, force: true, maxRetries: 3 }))
  const postgres = await startPostgres({ dataDir: join(data, 'postgres') })
  closing.push(() => postgres.stop())
  const env = { DATABASE_URL: postgres.url, RATE_LIMITS: 'off' }
  const before = await startStandalone({ dataDir: data, env })
  const choir = await foundChoir(before.url, await drawPoster(browser))
  await before.stop()
  await fix(postgres.url, choir)
  const shop = await openShop(before.url)
  const ALLOWED_ORIGINS = `${shop},${before.url}`
  const { url, stop } = await startStandalone({
    dataDir: data,
    port: before.port,
    env: { ...env, ALLOWED_ORIGINS }
  })
  closing.push(stop)
  await takeAll({ browser, url, shop, choir })
} finally {
  for (const close of closing.toReversed()) await close()
}

interface Means {
  browser: Browser
  url: string
  /** The address of a page of somebody else's. */
  shop: string
  choir: Awaited<ReturnType<typeof foundChoir>>
}

async function takeAll({ browser, url, shop, choir }: Means): Promise<void> {
  const { people, ids } = choir
  const here = (name: 'tom' | 'mia' | 'jonas') => present(url, people[name])
  const [, , jonas] = await Promise.all([here('tom'), here('mia'), here('jonas')])
  const room = ids.get(choir.concert) ?? ''
  const thread = ids.get(choir.root) ?? ''
  const open = async (options: BrowserContextOptions, place: string, signedIn = true) => {
    const context = await newContext(browser, url, { ...wide, ...options }, signedIn)
    const page = await context.newPage()
    await page.goto(`${url}/messaging/${place}`)
    return page
  }
  const isThere = async (page: Page) => {
    for (const text of ['Yes, all twelve of them.', '@Nora Lindqvist'])
      await page.getByText(text).last().waitFor()
    await page
      .getByText(/^Read by/)
      .first()
      .waitFor({ state: 'attached' })
    const picture = page.getByRole('button', { name: /poster\.png/ }).locator('img')
    // Out of sight it is not loaded.
    await picture.scrollIntoViewIfNeeded()
    await picture.evaluate((image: HTMLImageElement) => image.decode())
    await page.getByText('Yes, all twelve of them.').last().scrollIntoViewIfNeeded()
  }
  const concert = `#/c/${room}`

  const door = await open({}, '', false)
  await door.getByRole('heading', { name: 'Sign in' }).waitFor()
  await shoot(door, 'sign-in')

  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open({ ...tall, colorScheme }, concert)
    await isThere(page)
    jonas.conversation(room).typing(true)
    await page.getByText('Jonas Weber is writing…').first().waitFor()
    await page.getByText('can you bring the music').last().hover()
    await shoot(page, colorScheme === 'light' ? 'conversation' : 'conversation-dark')
  }
  jonas.conversation(room).typing(false)

  const beside = await open(wider, `${concert}?t=${thread}`)
  await beside.getByRole('complementary').getByText('They do, from two').waitFor()
  await isThere(beside)
  await shoot(beside, 'thread')
  await beside.goto(`${url}/messaging/${concert}?p=members`)
  await beside.getByRole('complementary').getByText('Sami Haddad').waitFor()
  await shoot(beside, 'members')
  await beside.goto(`${url}/messaging/${concert}?p=search`)
  await beside.getByRole('searchbox', { name: 'Search messages' }).fill('poster')
  await beside.getByRole('list', { name: 'Messages that were found' }).getByRole('listitem').first().waitFor()
  await shoot(beside, 'search')
  await beside.setViewportSize(wide.viewport)
  await beside.goto(`${url}/messaging/#/settings`)
  await beside.getByRole('heading', { name: 'Settings' }).waitFor()
  await beside.getByText('This device').waitFor()
  await shoot(beside, 'settings')

  const hand = await open(phone, '')
  await hand.getByRole('link', { name: /^Spring concert/ }).waitFor()
  await shoot(hand, 'phone-list')
  await hand.getByRole('link', { name: /^Spring concert/ }).tap()
  await isThere(hand)
  await shoot(hand, 'phone-conversation')

  const guest = await (await newContext(browser, url, wide, false)).newPage()
  await guest.addInitScript(`globalThis.tokenOfShop = ${JSON.stringify(people.nora.token)}`)
  await guest.goto(shop)
  await guest.getByText('Spring concert').first().click()
  await isThere(guest)
  await shoot(guest, 'embedded')
}

/** Somebody who is there and does nothing. */
async function present(url: string, { token }: Singer) {
  const client = createClient({ url, token })
  await client.connect()
  closing.push(async () => client.disconnect())
  return client
}

async function newContext(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  signedIn: boolean
): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options
  })
  await context.clock.setFixedTime(NOW)
  if (signedIn)
    await context.request.post(`${url}/messaging/api/auth/login/`, {
      data: { username: 'nora', password: PASSWORD }
    })
  return context
}

/** When everything is there and nothing moves. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
  console.log(name)
}

/** A page of somebody else's product, with the element in it; its address. */
async function openShop(parley: string): Promise<string> {
  const page = shopPage(parley)
  const server = createServer((_request, reply) => {
    reply.setHeader('content-type', 'text/html')
    reply.end(page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function shopPage(url: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour Music</title><style>
    body { margin: 0; background: #f3efe6; color: #2b2723; font: 16px/1.5 Georgia, serif }
    header { display: flex; gap: 32px; align-items: baseline; padding: 20px 32px; background: #7a2e2a; color: #fff }
    header b { font-size: 24px; margin-inline-end: auto }
    main { display: grid; grid-template-columns: 1fr 790px; gap: 28px; padding: 28px 24px }
    h1 { margin: 0 0 12px; font-size: 26px }
    p { margin: 0 0 14px }
    parley-messaging { block-size: 520px; border: 1px solid #d8cfc0; border-radius: 10px; overflow: hidden }
    </style><script type="module">
      const element = document.querySelector('parley-messaging')
      element.token = () => tokenOfShop
      await import('${url}/messaging/element.js')
    </script></head><body>
    <header><b>Harbour Music</b><span>Scores</span><span>Instruments</span><span>Members</span></header>
    <main><section><h1>Your ensemble</h1><p>Choir of the Old Harbour<br>Next concert: 21 March</p>
    <p>Scores on loan: <b>24</b><br>Due back: 4 April</p></section>
    <parley-messaging server="${url}" theme="light"></parley-messaging></main></body></html>`
}
