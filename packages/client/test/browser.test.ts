// What only a browser has: IndexedDB, Web Locks, BroadcastChannel, reloads and tabs; in a real Chromium.
import { join } from 'node:path'
import { launchBrowser, type Person } from '@parley/acceptance'
import { type TestContext, waitUntil } from '@parley/testing'
import type { BrowserContext, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import t from 'tap'
import { clientOf, makeRoom, testParley } from './parley.ts'

t.setTimeout(180_000)

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const needs = { skip: !browser && 'chromium cannot be had' }
const { url, signUp } = await testParley(t)
const script = await bundlePage()

/** A browser in which somebody is signed in. */
async function signedIn(t: TestContext, { user, password }: Person): Promise<BrowserContext> {
  // The page stands for a product's own behind the same gateway: what Parley's JSON may run is not its policy.
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ bypassCSP: true })
  t.teardown(() => context.close())
  const page = await context.newPage()
  await page.goto(`${url}/healthz`)
  const credentials = JSON.stringify(JSON.stringify({ username: user.username, password }))
  await page.evaluate(`fetch('/messaging/api/auth/login/', { method: 'POST', body: ${credentials},
    headers: { 'content-type': 'application/json' } })`)
  await page.close()
  return context
}

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}/healthz`)
  await page.addScriptTag({ content: script })
  return page
}

t.test('what was not sent survives a reload, and goes in order', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const bens = clientOf(t, url, ben)
  await bens.connect()
  const room = await makeRoom(bens, ann.user.id)
  const context = await signedIn(t, ann)
  const page = await open(context)
  const say = (body: string) =>
    page.evaluate(`parley.client.conversation('${room}').send(${JSON.stringify(body)}).client_id`)
  await page.evaluate(`parley.begin('kept')`)
  for (const body of ['one', 'two', ' ', 'three']) await say(body)
  await page.evaluate('parley.client.outbox.stored')
  await page.reload()
  await page.addScriptTag({ content: script })
  await page.evaluate(`parley.begin('kept'); parley.client.connect()`)
  await page.waitForFunction('parley.client.outbox.entries().every((entry) => entry.state === "failed")')
  const { items } = await bens.conversation(room).history()
  t.strictSame(
    items.map(({ body }) => body),
    ['one', 'two', 'three']
  )
  await page.reload()
  await page.addScriptTag({ content: script })
  await page.evaluate(`parley.begin('kept'); parley.client.connect()`)
  const failed = (await page.evaluate(
    'parley.client.outbox.stored.then(() => parley.client.outbox.entries())'
  )) as object[]
  t.match(failed, [{ content: { body: ' ' }, state: 'failed', error: { code: 'validation_failed' } }])
  t.equal(failed.length, 1, 'what was refused is still shown, what was sent is not')
  await page.evaluate('parley.client.outbox.discard(parley.client.outbox.entries()[0].client_id)')
})

t.test('tabs share a connection, and another takes over when its tab closes', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const bens = clientOf(t, url, ben)
  await bens.connect()
  const room = await makeRoom(bens, ann.user.id)
  const context = await signedIn(t, ann)
  const tabs: Page[] = []
  for (let n = 0; n < 3; n++) {
    const page = await open(context)
    await page.evaluate(`parley.begin('shared'); parley.client.connect()`)
    await page.waitForFunction(`parley.client.cursors()['${room}'] !== undefined`)
    tabs.push(page)
  }
  const transports = () => Promise.all(tabs.map((page) => page.evaluate('parley.client.state.transport')))
  t.strictSame(await transports(), ['websocket', 'tab', 'tab'])

  const said: string[] = []
  const say = async (body: string) => {
    said.push(body)
    await bens.conversation(room).send(body).sent
  }
  const allHeard = async () => {
    for (const page of tabs) {
      await page.waitForFunction(`parley.heard.length >= ${said.length}`)
      t.strictSame(await page.evaluate('parley.heard'), said)
    }
  }
  await say('one')
  await say('two')
  said.push('from a tab')
  await tabs[2]?.evaluate(`parley.client.conversation('${room}').send('from a tab').sent`)
  await allHeard()

  await tabs.shift()?.close()
  await say('three')
  await say('four')
  await waitUntil(async () => (await transports()).includes('websocket'), {
    message: 'a new leader',
    timeout_ms: 15_000
  })
  await say('five')
  await allHeard()
  const oneConnection = (message: string) =>
    waitUntil(async () => (await transports()).filter((kind) => kind === 'tab').length === 1, {
      message,
      timeout_ms: 15_000
    })
  await oneConnection('still one connection')

  const leader = (await transports()).indexOf('websocket')
  await tabs[leader]?.evaluate('parley.client.disconnect()')
  await waitUntil(async () => (await transports())[1 - leader] === 'websocket', {
    message: 'the other tab leads when the one that led disconnects',
    timeout_ms: 15_000
  })
  await tabs[leader]?.evaluate('parley.client.connect()')
  await oneConnection('and the one that led before follows')
  await say('six')
  await allHeard()

  await tabs[leader]?.evaluate(`parley.show('${room}')`)
  await tabs[1 - leader]?.evaluate(`parley.show('${room}')`)
  const shows = (tab: Page | undefined, status: string) =>
    tab?.waitForFunction(`document.querySelector('#status').textContent === '${status}'`)
  for (const tab of tabs) await shows(tab, 'online 6')
  await tabs[leader]?.evaluate(
    `parley.client.conversation('${room}').read(parley.client.cursors()['${room}'])`
  )
  for (const tab of tabs) await shows(tab, 'online 0')
})

t.test('a tab that gives up while it waits for the lead leaves it to the others', needs, async (t) => {
  const context = await signedIn(t, await signUp('ann'))
  const begin = async () => {
    const page = await open(context)
    await page.evaluate(`parley.begin('shared'); parley.client.connect()`)
    await page.waitForFunction(`parley.client.state.status === 'online'`)
    return page
  }
  const [leader, follower] = [await begin(), await begin()]
  t.equal(await follower.evaluate('parley.client.state.transport'), 'tab')
  await follower.evaluate(
    `parley.client.on('state', ({ status }) => status === 'waiting' && parley.client.disconnect())`
  )
  await leader.evaluate('parley.client.disconnect()')
  await follower.waitForFunction(`parley.client.state.status === 'idle'`)
  await leader.evaluate('parley.client.connect()')
  await leader.waitForFunction(`parley.client.state.transport === 'websocket'`)
  await follower.evaluate('parley.client.connect()')
  await follower.waitForFunction(`parley.client.state.transport === 'tab'`)
  t.pass('and is welcome again')
})

t.test('hooks show it in Preact: what was said, what is on its way, and what changes', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const bens = clientOf(t, url, ben)
  await bens.connect()
  const room = await makeRoom(bens, ann.user.id)
  const { message_id } = await bens.conversation(room).send('before').sent
  const context = await signedIn(t, ann)
  const page = await open(context)
  await page.evaluate(`parley.begin('kept'); parley.show('${room}'); parley.client.connect()`)
  const shows = (...texts: string[]) =>
    page.waitForFunction(
      `JSON.stringify([...document.querySelectorAll('li')].map((li) => li.textContent)) === ${JSON.stringify(JSON.stringify(texts))}`
    )
  await shows('before')
  await page.waitForFunction(`document.querySelector('#status').textContent === 'online 1'`)
  await bens.conversation(room).send('after').sent
  await bens.conversation(room).edit(message_id, 'before, edited')
  await shows('before, edited', 'after')
  await page.evaluate(`parley.client.conversation('${room}').send(' ')`)
  await shows('before, edited', 'after', '  (failed)')
  await page.evaluate(`parley.client.outbox.discard(parley.client.outbox.entries()[0].client_id)`)
  await bens.conversation(room).delete(message_id)
  await page.evaluate(`parley.client.conversation('${room}').send('mine')`)
  await shows('deleted', 'after', 'mine')
  t.pass('as it happens')
})

t.test('a device that goes offline stops trying, and is back at once', needs, async (t) => {
  const ann = await signUp('ann')
  const context = await signedIn(t, ann)
  const page = await open(context)
  await page.evaluate(`parley.begin('kept'); parley.client.connect()`)
  await page.evaluate(`parley.client.disconnect()`)
  await context.setOffline(true)
  await page.evaluate(`void parley.client.connect().catch(() => undefined)`)
  await page.waitForFunction(`['waiting', 'offline'].includes(parley.client.state.status)`)
  await context.setOffline(false)
  await page.waitForFunction(`parley.client.state.status === 'online'`)
  t.pass('it is online again')
})

t.test('an upload tells how far it is, and what it was refused with', needs, async (t) => {
  const ann = await signUp('ann')
  const context = await signedIn(t, ann)
  const page = await open(context)
  const upload = (type: string, size: number, at = 2) =>
    page.evaluate(`parley.upload('${type}', ${size}, ${at})`) as Promise<{ told: number[] }>
  await page.evaluate(`parley.begin('kept')`)
  const text = await upload('text/plain', 3_000_000)
  t.match(text, { name: 'blank', type: 'text/plain', size: 3_000_000 })
  t.equal(text.told.at(-1), 1)
  t.strictSame(
    text.told,
    text.told.toSorted((one, other) => one - other)
  )
  t.match(await upload('', 10), { type: 'application/octet-stream' }, 'a type nobody knows')
  t.match(await upload('text/html', 10), { error: 'file_type_refused' })
  t.match(await upload('image/png', 10), { error: 'file_type_mismatch' })
  t.match(await upload('text/plain', 3_000_000, 0), { error: 'AbortError' }, 'given up')

  const asked = `(globalThis.refusals = [], { token: ({ refused }) => { refusals.push(refused); return refused ? '${ann.token}' : 'old' } })`
  await page.context().clearCookies()
  await page.evaluate(`parley.begin('kept', ${asked})`)
  t.match(await upload('text/plain', 10), { size: 10 }, 'with a token, asked for again where it is refused')
  t.strictSame(await page.evaluate('refusals'), [false, true])
})

async function bundlePage(): Promise<string> {
  const bundle = await rolldown({ input: join(import.meta.dirname, 'fixtures/page.ts'), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'iife', codeSplitting: false })
  await bundle.close()
  return output[0].code
}
