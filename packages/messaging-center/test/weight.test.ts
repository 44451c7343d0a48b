// What a browser fetches before an open conversation is there, in a profile that has nothing yet.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { launchBrowser, makeRoom, say, signUp, startStandalone } from '@parley/acceptance'
import type { Response } from 'playwright-core'
import t from 'tap'

t.setTimeout(180_000)

/** Bytes, gzipped. */
const SCRIPT_MAX = 60_000
const STYLES_MAX = 12_000

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const needs = { skip: !browser && 'chromium cannot be had' }
const dataDir = await mkdtemp(join(tmpdir(), 'parley-weight-'))
const { url, stop } = await startStandalone({ dataDir })
t.teardown(async () => {
  await stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
})

t.test('the first load is light, kept for good, and of this origin alone', needs, async (t) => {
  if (!browser) return
  const ann = await signUp(url, 'ann')
  const room = await makeRoom(ann)
  await say(ann, room, 'Here it is')
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' })
  t.teardown(() => context.close())
  const [name = '', value = ''] = ann.cookie.split('=', 2)
  await context.addCookies([{ name, value, url }])
  // Nothing is loaded ahead then, however slow this machine is.
  await context.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } })
  )
  const page = await context.newPage()
  const responses: Response[] = []
  const asked = new Set<string>()
  page.on('request', (request) => asked.add(new URL(request.url()).origin))
  page.on('response', (response) => responses.push(response))
  const isThere = () => page.getByRole('article').filter({ hasText: 'Here it is' }).waitFor()
  await page.goto(`${url}/messaging/#/c/${room}`)
  await isThere()

  const bytes = { script: 0, stylesheet: 0 }
  const files = responses.filter((response) => !pathOf(response).startsWith('/messaging/api/'))
  for (const response of files) {
    const path = pathOf(response)
    const kind = kinds[extname(path)]
    const body = await response.body()
    const size = gzipSync(body).length
    if (kind && !afterwards.test(path)) bytes[kind] += size
    const isForGood = path.startsWith('/messaging/assets/')
    const kept = isForGood ? 'public, max-age=31536000, immutable' : 'no-cache'
    t.equal(await response.headerValue('cache-control'), kept, path)
    t.ok(isForGood || (await response.headerValue('etag')), `${path} can be asked for anew`)
    t.equal(await response.headerValue('x-content-type-options'), 'nosniff', path)
    if (body.length > 2_000) t.match(await response.headerValue('content-encoding'), /^(?:br|gzip)$/, path)
  }
  t.comment(`script ${bytes.script}, style sheets ${bytes.stylesheet} bytes`)
  t.ok(bytes.script > 0 && bytes.script <= SCRIPT_MAX, `${bytes.script} bytes of script`)
  t.ok(bytes.stylesheet > 0 && bytes.stylesheet <= STYLES_MAX, `${bytes.stylesheet} bytes of style sheets`)

  await page.reload()
  await isThere()
  const again = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(
        (entry) => entry.name.includes('/assets/') && (entry as PerformanceResourceTiming).transferSize > 0
      )
      .map(({ name }) => name)
  )
  t.strictSame(again, [], 'what was loaded once is not loaded again')
  t.strictSame([...asked], [url], 'no other host is asked')
})

/** What tells of messages to come: it is loaded by itself, and a conversation does not wait for it. */
const afterwards = /\/(?:watch-messages|blocks|push|sound)-[^/]*\.js$/

const kinds: Record<string, 'script' | 'stylesheet'> = { '.js': 'script', '.css': 'stylesheet' }

const pathOf = (response: Response) => new URL(response.url()).pathname
