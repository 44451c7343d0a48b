import { existsSync } from 'node:fs'
import { installDebianPackage } from '@parley/local-servers'
import { type BrowserContext, chromium } from 'playwright-core'
import { percentilesOf } from '../runner/percentiles.ts'
import type { MeasureOptions, Outcome, Scenario } from '../runner/scenario.ts'
import { startParley, whyParleyMissing } from '../systems/parley-system.ts'
import { seedMessages } from '../systems/seed-messages.ts'

const MESSAGES = 100_000
const CHROMIUM = '/usr/bin/chromium'
const READY_MS = 30_000
/** What is longer than that keeps somebody waiting who presses a key. */
const LONG_TASK_MS = 50

interface Load {
  /** From the beginning of the navigation, in milliseconds. */
  ready: number
  /** By how much tasks were too long until then, in milliseconds. */
  blocked: number
}

/** From the address to a conversation in which one can write, as a browser meets it. */
export const messagingCenter: Scenario = {
  name: 'messaging-center',
  about: `Chromium opens a conversation of ${MESSAGES} messages by its address, signed in, through nginx on this machine, until its newest messages are shown and the composer takes input: with an empty cache, and again with a full one.`,
  metrics: (['cold', 'warm'] as const).flatMap((cache) => [
    { key: `${cache}_p50`, label: `interactive, ${cache}, p50`, unit: 'ms', better: 'lower' as const },
    { key: `${cache}_p99`, label: `interactive, ${cache}, p99`, unit: 'ms', better: 'lower' as const },
    {
      key: `${cache}_blocked`,
      label: `tasks beyond ${LONG_TASK_MS} ms, ${cache}, p50`,
      unit: 'ms',
      better: 'lower' as const
    }
  ]),
  contenders: [{ name: 'Parley', lacks: '', whyMissing, measure }]
}

async function whyMissing(): Promise<string | undefined> {
  if (!existsSync(CHROMIUM) && !(await installDebianPackage('chromium'))) return 'Chromium is not installed'
  return whyParleyMissing()
}

async function measure({ seconds }: MeasureOptions): Promise<Outcome> {
  await using parley = await startParley()
  const { url, databaseUrl } = parley.stack
  const credentials = { username: 'ann', password: 'a long conversation' }
  await post(`${url}/messaging/api/auth/register/`, credentials)
  const { token = '' } = await post(`${url}/messaging/api/auth/token/`, credentials)
  const { id = '' } = await post(`${url}/messaging/api/conversations/`, { title: 'Long' }, token)
  await seedMessages(databaseUrl, MESSAGES)
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  })
  try {
    const place = `${url}/messaging/#/c/${id}`
    const loads: { cold: Load[]; warm: Load[] } = { cold: [], warm: [] }
    // A browser of its own each time, with an empty cache.
    for (let n = 0; n < Math.max(3, seconds); n++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      await context.addInitScript({ content: watch })
      await context.request.post(`${url}/messaging/api/auth/login/`, { data: credentials })
      loads.cold.push(await load(context, place))
      loads.warm.push(await load(context, place))
      await context.close()
    }
    const values: Record<string, number> = {}
    for (const [cache, all] of Object.entries(loads)) {
      const { p50, p99 } = percentilesOf([all.map(({ ready }) => ready)])
      const blocked = percentilesOf([all.map((one) => one.blocked)])
      Object.assign(values, {
        [`${cache}_p50`]: p50,
        [`${cache}_p99`]: p99,
        [`${cache}_blocked`]: blocked.p50
      })
    }
    return { values, details: loads }
  } finally {
    await browser.close()
  }
}

async function load(context: BrowserContext, place: string): Promise<Load> {
  const page = await context.newPage()
  const told = Promise.withResolvers<Load>()
  // The page's policy evaluates no text, so that it has to tell by itself.
  await page.exposeFunction('measured', told.resolve)
  const timer = setTimeout(() => told.reject(new Error(`not ready within ${READY_MS} ms`)), READY_MS)
  try {
    await page.goto(place)
    return await told.promise
  } finally {
    clearTimeout(timer)
    await page.close()
  }
}

/** Runs in the page before anything else does; looks once a frame. */
const watch = `{
  const tasks = []
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const root = document.querySelector('parley-messaging')?.shadowRoot
    if (!root?.querySelector('article[data-seq]') || !root.querySelector('textarea:enabled')) return requestAnimationFrame(look)
    const ready = performance.now()
    // Entries come a little later than what they are about.
    setTimeout(() => {
      const blocked = tasks.filter(({ startTime }) => startTime < ready).reduce((sum, { duration }) => sum + duration - ${LONG_TASK_MS}, 0)
      globalThis.measured({ ready, blocked })
    }, 100)
  }
  requestAnimationFrame(look)
}`

async function post(url: string, body: unknown, token = ''): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as Record<string, string>
}
