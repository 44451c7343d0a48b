import type { BrowserContext, Page } from 'playwright-core'
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
    const context = await browser.newContext()
    const page = await openPage(context, `${url}/my-product/`, {
      username: ann.user.username,
      password: ann.password,
      chatId
    })
    await page.evaluate(`(async () => {
    ${connect}
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    ${send}
  })()`)

    const displayed = page.locator('li')
    await displayed.nth(0).waitFor()
    const { message } = await nextSimple(listener, 'message')
    t.match(message, { content: 'Hello!', sender: ann.user })
    await say(ben, chatId, '<b>Hi</b> there')
    await displayed.nth(1).waitFor()
    t.same(await displayed.allTextContents(), ['Hello!', '<b>Hi</b> there'])
    t.same(
      (await historyOf(ann, chatId)).map(({ body }) => body),
      ['Hello!', '<b>Hi</b> there']
    )
    t.match(await context.cookies(), [{ name: 'parley_session', httpOnly: true, sameSite: 'Lax' }])
    t.equal(await page.evaluate('document.cookie'), '', 'no script can read the session')

    const foreign = await openPage(context, 'http://localhost:9/', { chatId })
    const outcome = await foreign.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket(\`ws://localhost:${PORT}/ws/chat/\${chatId}/\`)
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('refused')
  })`)
    t.equal(outcome, 'refused', 'a page of another origin, to which the browser gives the cookie too')
  }
)

/** A page that some server at that address serves, with the names the example expects. */
async function openPage(context: BrowserContext, url: string, names: object): Promise<Page> {
  const html = `<!doctype html><title>My product</title><ul></ul><script>
    Object.assign(globalThis, ${JSON.stringify(names)})
    function displayMessage({ content }) {
      const item = document.createElement('li')
      item.textContent = content
      document.querySelector('ul').append(item)
    }
  </script>`
  const page = await context.newPage()
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(url)
  return page
}
