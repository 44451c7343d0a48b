// The way in and out, and the list of conversations, in a real browser.
import { type Person, signUp } from '@parley/acceptance'
import { type Client, createClient } from '@parley/client'
import type { Conversation } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import type { BrowserContext, Locator, Page, WebSocketRoute } from 'playwright-core'
import t, { type Test } from 'tap'
import { browsedParley } from './fixtures/browsed-parley.ts'

t.setTimeout(240_000)

const { url, needs, newBrowser } = await browsedParley(t)

async function open(context: BrowserContext, place = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}/messaging/${place}`)
  return page
}

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const password = (page: Page) => page.getByLabel('Password', { exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const row = (page: Page, name: string | RegExp) => page.getByRole('navigation').getByRole('link', { name })

async function signIn(page: Page, { user, password: word }: Person): Promise<void> {
  await field(page, 'Username').fill(user.username)
  await password(page).fill(word)
  await password(page).press('Enter')
  await heading(page, 'Conversations').waitFor()
}

const hasFocus = (locator: Locator, message: string) =>
  waitUntil(
    () => locator.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element),
    { message }
  )

async function clientOf(t: Test, person: Person): Promise<Client> {
  const client = createClient({ url, token: person.token })
  t.teardown(() => client.disconnect())
  await client.connect()
  return client
}

t.test(
  'an account is made, what is wrong is said where it is, and nothing stays behind',
  needs,
  async (t) => {
    const ann = await signUp(url, 'ann')
    const page = await open(await newBrowser(t))
    await hasFocus(field(page, 'Username'), 'the focus begins where one begins')
    await page.keyboard.press('Enter')
    await page.getByText('Enter your username.').waitFor()
    t.equal(await field(page, 'Username').getAttribute('aria-invalid'), 'true')
    await hasFocus(field(page, 'Username'), 'the first wrong field')

    await field(page, 'Username').fill(ann.user.username)
    await password(page).fill('not hers at all')
    await password(page).press('Enter')
    await page.getByRole('alert').filter({ hasText: 'do not go together' }).waitFor()
    await hasFocus(password(page), 'to be typed again')
    await button(page, 'Show password').click()
    t.equal(await password(page).getAttribute('type'), 'text')

    await button(page, 'Create account').click()
    await heading(page, 'Create account').waitFor()
    t.equal(await password(page).getAttribute('autocomplete'), 'new-password')
    await field(page, 'Name (optional)').fill('Ann the second')
    await password(page).fill('1234567')
    await password(page).press('Enter')
    await hasFocus(password(page), 'too short')
    await password(page).fill('password1')
    await password(page).press('Enter')
    await page.getByText('one of the most common').waitFor()
    await password(page).fill('a rather long one')
    await password(page).press('Enter')
    await page.getByText('This username is taken.').waitFor()
    await hasFocus(field(page, 'Username'), 'it is taken')
    await field(page, 'Username').fill(`${ann.user.username}-2`)
    await button(page, 'Create account').click()
    await page.getByText('No conversations yet').waitFor()
    await page.reload()
    await page.getByText('No conversations yet').waitFor()

    await page.evaluate(() => localStorage.setItem('parley.draft.other.room', '{"body":"not hers"}'))
    await page.getByRole('button', { name: 'Online Ann the second' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Away' }).click()
    await page.getByRole('button', { name: 'Away Ann the second' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await heading(page, 'Sign in').waitFor()
    t.equal(await page.getByText('session has ended').count(), 0, 'nobody asks why')
    t.strictSame(await page.evaluate(() => Object.keys(localStorage)), ['parley.draft.other.room'])
    await page.reload()
    await heading(page, 'Sign in').waitFor()
  }
)

t.test('a link leads there, and a session that ends elsewhere leads out and back', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const bens = await clientOf(t, ben)
  const { id } = await bens.rest('POST conversations/', { title: 'Tea', member_ids: [ann.user.id] })
  const context = await newBrowser(t)
  const page = await open(context, `#/c/${id}`)
  await signIn(page, ann)
  await heading(page, 'Tea').waitFor()

  const other = await open(context)
  await row(other, /Tea/).waitFor()
  await other.getByRole('button', { name: `Online ${ann.user.display_name}` }).click()
  await other.getByRole('menuitem', { name: 'Sign out' }).click()
  await other.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You signed out in another tab.').waitFor()
  await signIn(page, ann)
  await heading(page, 'Tea').waitFor()
  await row(other, /Tea/).waitFor()
  t.pass('who signs in does so in all tabs')

  await ann.api.post('/messaging/api/auth/logout-all/', {})
  for (const one of [page, other]) await one.getByText('Your session has ended.').waitFor()
  await signIn(page, ann)
  await heading(page, 'Tea').waitFor()
  await bens.conversation(id).send('back?').sent
  await page.getByRole('article').filter({ hasText: 'back?' }).waitFor()
  t.pass('it goes on')

  await page.goto(`${url}/messaging/#/c/0199aaaa-0000-7000-8000-000000000000`)
  await heading(page, 'This conversation is not here').waitFor()
  await page.goBack()
  await heading(page, 'Tea').waitFor()
  await bens.rest('DELETE conversations/{conversation_id}/', { conversation_id: id })
  await hasFocus(heading(page, 'You are not in this conversation any more'), 'it is said')
})

t.test('that a session has ended is found out when it can be', needs, async (t) => {
  const ann = await signUp(url, 'ann')
  const context = await newBrowser(t)
  const page = await open(context)
  await signIn(page, ann)
  await context.route('**/auth/me/', (route) => route.abort())
  await ann.api.post('/messaging/api/auth/logout-all/', {})
  await page.getByRole('region', { name: 'Connection' }).waitFor()
  t.ok(await heading(page, 'Conversations').isVisible(), 'what is on the screen stays')
  await context.unroute('**/auth/me/')
  await page.getByText('Your session has ended.').waitFor()
})

t.test('the list: what is new comes first, counted; the keyboard moves in it', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const bens = await clientOf(t, ben)
  const anns = await clientOf(t, ann)
  const group = async (title: string) =>
    (await bens.rest('POST conversations/', { title, member_ids: [ann.user.id] })).id
  const [tea, coffee] = [await group('Tea'), await group('Coffee')]
  const { id: direct } = await bens.rest('POST conversations/', { kind: 'direct', member_ids: [ann.user.id] })
  const page = await open(await newBrowser(t))
  await signIn(page, ann)
  const names = () =>
    page
      .getByRole('navigation')
      .locator('.conversation-row')
      .evaluateAll((rows) =>
        rows
          .toSorted((one, other) => Number(one.ariaPosInSet) - Number(other.ariaPosInSet))
          .map((one) => one.querySelector('.conversation-name')?.textContent)
      )
  const order = (...wanted: string[]) =>
    waitUntil(async () => (await names()).join() === wanted.join(), { message: wanted.join() })
  await order(ben.user.display_name, 'Coffee', 'Tea')
  await row(page, /^Online ben/).waitFor()

  await row(page, /Coffee/).focus()
  await bens.conversation(tea).send(`@${ann.user.username}, **milk**\n\nand sugar?`).sent
  await order('Tea', ben.user.display_name, 'Coffee')
  await hasFocus(row(page, /Coffee/), 'the focus stays with what had it')
  const name = row(page, /^Tea.*: @\S+, milk and sugar\? 1 mention of you 1 unread message$/)
  await name.waitFor()
  t.equal(await page.title(), '(1) Parley')

  await page.keyboard.press('Home')
  await hasFocus(row(page, /Tea/), 'home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await hasFocus(row(page, /Coffee/), 'down')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await hasFocus(heading(page, ben.user.display_name), 'to the new place')
  t.equal(await row(page, /ben-/).first().getAttribute('aria-current'), null)
  t.equal(await row(page, /^Online ben/).getAttribute('aria-current'), 'page')
  bens.conversation(direct).typing(true)
  await row(page, /is writing…/).waitFor()
  await page.getByText(`${ben.user.display_name} is writing…`).first().waitFor()

  await anns.conversation(tea).read(anns.cursors()[tea] ?? 0)
  await waitUntil(async () => (await page.title()) === 'Parley', { message: 'read on another device' })

  await row(page, /Coffee/).click()
  await button(page, 'What to do with this conversation').click()
  await page.getByRole('menuitem', { name: 'Mute for an hour' }).click()
  await row(page, /Coffee.* Muted/).waitFor()
  await bens.conversation(tea).send('and you?').sent
  const { message_id } = await bens.conversation(tea).send('oh').sent
  await bens.conversation(tea).delete(message_id)
  await row(page, /Tea.*Message deleted 1 unread message/).waitFor()

  const filter = page.getByRole('searchbox', { name: 'Find a conversation' })
  await filter.fill('cof')
  await order('Coffee')
  await filter.fill('nothing of the kind')
  await page.getByText('No conversation is called that').waitFor()
  await filter.press('Escape')
  await filter.fill('te')
  await filter.press('Enter')
  await heading(page, 'Tea').waitFor()
  await page.setViewportSize({ width: 320, height: 640 })
  t.notOk(await row(page, /Tea/).isVisible(), 'one column at a time')
  await button(page, 'Back to conversations').click()
  await hasFocus(heading(page, 'Conversations'), 'back')
  t.notOk(await heading(page, 'Tea').isVisible())
  t.ok(coffee)
})

t.test('ten thousand conversations: only those in view are drawn', needs, async (t) => {
  const ann = await signUp(url, 'ann')
  const context = await newBrowser(t)
  const template = await (await clientOf(t, ann)).rest('POST conversations/', { title: 'Tea' })
  const all = Array.from(
    { length: 10_000 },
    (_, n): Conversation => ({
      ...template,
      id: `0199aaaa-0000-7000-8000-${String(n).padStart(12, '0')}`,
      title: `Group ${n}`,
      created_at: new Date(Date.UTC(2026, 0, 1) - n * 60_000).toISOString()
    })
  )
  await context.route(/\/api\/conversations\/\?/, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    const next = from + 200
    await route.fulfill({
      json: { items: all.slice(from, next), next_cursor: next < all.length ? String(next) : null }
    })
  })
  const page = await open(context)
  await signIn(page, ann)
  await row(page, /^Group 0 /).waitFor()
  await page.locator('.conversation-row[aria-setsize="10000"]').first().waitFor({ timeout: 60_000 })
  t.ok((await page.locator('.conversation-row').count()) < 40)
  await row(page, /^Group 0 /).focus()
  await page.keyboard.press('End')
  await hasFocus(row(page, /^Group 9999 /), 'the last one')
  t.ok((await page.locator('.conversation-row').count()) < 40)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('Home')
  await hasFocus(row(page, /^Group 0 /), 'the first one')
})

t.test('without a connection it says so, what waits, and goes on by itself', needs, async (t) => {
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const bens = await clientOf(t, ben)
  const { id } = await bens.rest('POST conversations/', { title: 'Tea', member_ids: [ann.user.id] })
  const context = await newBrowser(t)
  const sockets = new Set<WebSocketRoute>()
  await context.routeWebSocket(/\/ws\//, (socket) => {
    socket.connectToServer()
    sockets.add(socket)
  })
  const page = await open(context, `#/c/${id}`)
  await signIn(page, ann)
  const composer = field(page, 'Message Tea')
  await composer.waitFor()
  const place = await composer.boundingBox()
  const banner = page.getByRole('region', { name: 'Connection' })
  for (const socket of sockets) await socket.close({ code: 1011 })
  await context.setOffline(true)
  await banner.getByText('You are offline.').waitFor()
  t.strictSame(await composer.boundingBox(), place, 'nothing moves')
  await composer.fill('Later')
  await composer.press('Enter')
  await banner.getByText('One message waits to be sent.').waitFor()
  await context.setOffline(false)
  await banner.waitFor({ state: 'detached' })
  await waitUntil(async () => (await bens.conversation(id).history()).items.at(-1)?.body === 'Later', {
    message: 'it is sent',
    timeout_ms: 15_000
  })
})
