import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from '@parley/testing'
import t from 'tap'
import { codeBlocks, historyOf, launchBrowser, makeRoom, nextSimple, say, signUp } from '../src/index.ts'
import { testStandalone } from './standalone-fixture.ts'

t.setTimeout(120_000)

// The example names its port; where that is taken the start says so and the test fails.
const PORT = 8000

const browser = await launchBrowser()
t.teardown(() => browser?.close())

t.test(
  "the migration guide's example runs as it stands",
  { skip: !browser && 'chromium cannot be had' },
  async (t) => {
    const { url } = await testStandalone(t, { port: PORT })
    const example = (await codeBlocks('docs/migrating.md')).find(({ language }) => language === 'javascript')
    // Its last step is one that a user takes later, when the socket is open.
    const [connect = '', send] = example?.code.split(/^(?=\/\/ 4\. )/m) ?? []
    if (!browser || !send) throw new Error('docs/migrating.md has lost its example')

    const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
    const chatId = await makeRoom(ben, ann)
    const listener = await ben.connect(`/ws/chat/${chatId}/`)
    // The page stands for a product's own behind the same gateway: what Parley's JSON may run is not its policy.
    const context = await browser.newContext({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${url}/healthz`)
    const names = { username: ann.user.username, password: ann.password, chatId }
    await page.evaluate(`Object.assign(globalThis, ${JSON.stringify(names)}, {
    displayed: [],
    displayMessage: ({ content }) => displayed.push(content)
  })`)
    await page.evaluate(`(async () => {
    ${connect}
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error('the socket was refused')))
    })
    ${send}
  })()`)

    await page.waitForFunction('displayed.length === 1')
    t.match(await nextSimple(listener, 'message'), { message: { content: 'Hello!', sender: ann.user } })
    await say(ben, chatId, 'Hi there')
    await page.waitForFunction('displayed.length === 2')
    const history = await historyOf(ann, chatId)
    for (const texts of [await page.evaluate('displayed'), history.map(({ body }) => body)])
      t.same(texts, ['Hello!', 'Hi there'])
    t.match(await context.cookies(), [{ name: 'parley_session', httpOnly: true, sameSite: 'Lax' }])
    t.equal(await page.evaluate('document.cookie'), '', 'no script can read the session')

    // Another port is another origin, but the same site: the browser sends the cookie along.
    await page.goto(await servePage(t))
    const report = page.waitForEvent('console')
    await page.evaluate(`void new WebSocket('ws://localhost:${PORT}/ws/chat/${chatId}/')`)
    t.match(
      (await report).text(),
      /Unexpected response code: 403/,
      'a page of another origin has no use of it'
    )
    await Promise.all([listener.close(), context.close()])
  }
)

/** The address of an empty page. */
async function servePage(t: TestContext): Promise<string> {
  const server = createServer((_request, reply) => reply.setHeader('content-type', 'text/html').end('<p>'))
  t.teardown(() => server.close())
  await once(server.listen(0, 'localhost'), 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}
