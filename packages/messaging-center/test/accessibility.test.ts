// Whether everybody can use it: by axe's rules on every screen, by the keyboard alone, on a small screen, with large text, from right to
// left and without motion.
import { type Person, signUp } from '@parley/acceptance'
import { type Client, createClient } from '@parley/client'
import { waitUntil } from '@parley/testing'
import axe from 'axe-core'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browsedParley } from './fixtures/browsed-parley.ts'
import { makeEventfulRoom } from './fixtures/eventful-room.ts'
import { type Check, findFocused, findMisfits, findMotion, findViolations } from './fixtures/page-checks.ts'

t.setTimeout(300_000)

const { url, needs, newBrowser } = await browsedParley(t)
const [ann, ben, cat] = (await Promise.all(['ann', 'ben', 'cat'].map((name) => signUp(url, name)))) as [
  Person,
  Person,
  Person
]
const [anns, bens, cats] = await Promise.all([clientOf(ann), clientOf(ben), clientOf(cat)])
const room = await makeEventfulRoom(bens, cats, anns, { title: 'Tea', mention: ann.user.username })
await bens.rest('POST conversations/', { kind: 'direct', member_ids: [ann.user.id] })
await bens.rest('POST conversations/', { title: 'Harbour swimming', description: 'At six', public: true })

async function clientOf(person: Person): Promise<Client> {
  const client = createClient({ url, token: person.token })
  t.teardown(() => client.disconnect())
  await client.connect()
  return client
}

/** A page in which nothing moves that need not. */
async function openPage(t: Test, place: string, more: BrowserContextOptions & { as?: Person } = {}) {
  const context = await newBrowser(t, { reducedMotion: 'reduce', ...more })
  // Put there by the browser itself, whatever the page's policy.
  await context.addInitScript(axe.source)
  const page = await context.newPage()
  await page.goto(`${url}/messaging/#/${place}`)
  return page
}

/** Each part of a screen comes when it is loaded; a spinner stands for it until then, and turns. */
async function isWhole(page: Page) {
  await waitUntil(async () => (await page.locator('.spinner').count()) === 0, { message: 'all is loaded' })
}

/** By the rules, in the light and in the dark; and nothing moves. */
async function isClean(t: Test, page: Page, what: string, check: Omit<Check, 'scheme'> = {}) {
  await isWhole(page)
  const found: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const violations = await page.evaluate(findViolations, { ...check, scheme })
    found.push(...violations.map((one) => `${scheme}: ${one}`))
  }
  t.strictSame(found, [], what)
  t.strictSame(await page.evaluate(findMotion), [], `${what}, without motion`)
}

const here = `c/${room.id}`

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const message = (page: Page, text: string) =>
  page.getByRole('main').locator('article[data-seq]').filter({ hasText: text })
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message Tea' })
const dialog = (page: Page) => page.getByRole('dialog')
const panel = (page: Page) => page.getByRole('complementary')

t.test('who is not signed in, and who has nothing yet', needs, async (t) => {
  const page = await openPage(t, '')
  await button(page, 'Sign in').click()
  await page.getByText('Enter your username.').waitFor()
  await isClean(t, page, 'signing in, with mistakes')
  await button(page, 'Create account').click()
  await page.getByLabel('Username').fill(ann.user.username)
  await page.getByLabel('Password', { exact: true }).fill('password1')
  await button(page, 'Create account').click()
  await page.getByText('one of the most common').waitFor()
  await isClean(t, page, 'signing up, with mistakes')
  await page.getByLabel('Username').fill(`${ann.user.username}-2`)
  await page.getByLabel('Password', { exact: true }).fill('a rather long one')
  await button(page, 'Create account').click()
  await page.getByText('No conversations yet').waitFor()
  await isClean(t, page, 'an empty list')
})

t.test('every screen follows the rules, light and dark', needs, async (t) => {
  const page = await openPage(t, '', { as: ann })
  const go = (place: string) => page.goto(`${url}/messaging/#/${place}`)
  await page.getByRole('navigation').getByRole('link', { name: /Tea/ }).waitFor()
  await isClean(t, page, 'the list')

  await go(here)
  const root = message(page, 'Who brings').first()
  await message(page, 'As they look').locator('img').waitFor()
  await isClean(t, page, 'a conversation')

  await root.hover()
  await root.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('menu').waitFor()
  await isClean(t, page, 'the menu of a message', { part: '.menu' })
  await page.keyboard.press('Escape')
  await root.getByRole('button', { name: 'Add a reaction' }).click()
  await page.getByRole('searchbox', { name: 'Find an emoji' }).waitFor()
  await isClean(t, page, 'emoji', { part: '.popover' })
  await page.keyboard.press('Escape')
  await message(page, '😀').hover()
  await message(page, '😀').getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await dialog(page).getByText('nobody can bring it back').waitFor()
  await isClean(t, page, 'a dialog', { part: 'dialog' })
  await page.keyboard.press('Escape')

  for (const [item, there] of [
    ['Forward', dialog(page).getByRole('button', { name: /^Send to/ })],
    ['Seen by', dialog(page).getByText(cat.user.display_name)],
    ['Report', dialog(page).getByText('What is wrong')]
  ] as const) {
    await root.hover()
    await root.getByRole('button', { name: 'More to do' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await there.first().waitFor()
    await isClean(t, page, item, { part: 'dialog' })
    await page.keyboard.press('Escape')
  }
  await button(page, 'Show biscuits.png larger').click()
  await dialog(page).locator('img').waitFor()
  await isClean(t, page, 'a picture', { part: 'dialog' })
  await page.keyboard.press('Escape')
  await composer(page).fill('@')
  await page.getByRole('option').first().waitFor()
  await isClean(t, page, 'who may be mentioned', { part: '.composer' })
  await composer(page).fill('')

  await go(`${here}?t=${room.root_id}`)
  await panel(page).getByText('Ask somebody else').waitFor()
  await isClean(t, page, 'a thread')
  await go(`${here}?p=threads`)
  await panel(page).getByText('1 reply').waitFor()
  await isClean(t, page, 'threads', { part: '.app-beside' })
  await go(`${here}?p=pins`)
  await panel(page).getByText('Who brings').waitFor()
  await isClean(t, page, 'pins', { part: '.app-beside' })
  await go(`${here}?p=search`)
  const search = page.getByRole('searchbox', { name: 'Search messages' })
  const hit = panel(page).getByRole('link').filter({ hasText: 'Who brings' })
  // Found half a second after it was sent.
  for (let tries = 0; tries < 10 && !(await hit.isVisible()); tries++) {
    await search.fill('biscuit')
    await search.fill('biscuits')
    await hit.waitFor({ timeout: 2_000 }).catch(() => undefined)
  }
  await panel(page).getByText('Filter').click()
  await isClean(t, page, 'search, with hits', { part: '.app-beside' })
  await Promise.all([page.locator('.message-marked').waitFor(), hit.click()])
  await isClean(t, page, 'a message that was jumped to', { part: '.message-list' })
  await go(`${here}?p=members`)
  await panel(page)
    .getByRole('listitem')
    .filter({ hasText: ben.user.display_name })
    .getByRole('button')
    .first()
    .click()
  await dialog(page).getByRole('button', { name: 'Block', exact: true }).waitFor()
  await isClean(t, page, 'members, and the profile of one', { part: 'dialog' })
  await page.keyboard.press('Escape')
  await isClean(t, page, 'members', { part: '.app-beside' })

  await button(page, 'New conversation').click()
  await page.getByRole('combobox').fill('ben-')
  await page.getByRole('option').first().waitFor()
  await isClean(t, page, 'a new conversation with one', { part: 'dialog' })
  await page.getByRole('radio', { name: 'Group' }).check()
  await button(page, 'Create group').click()
  await page.getByText('Give the group a name.').waitFor()
  await isClean(t, page, 'a new group, with a mistake', { part: 'dialog' })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+/')
  await dialog(page).getByText('Jump to a conversation').waitFor()
  await isClean(t, page, 'the shortcuts', { part: 'dialog' })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('option').first().waitFor()
  await isClean(t, page, 'the quick switch', { part: 'dialog' })
  await page.keyboard.press('Escape')

  await root.hover()
  await root.getByRole('button', { name: 'More to do' }).click()
  await page.getByRole('menuitem', { name: 'Copy text' }).click()
  await page.locator('.note').waitFor()
  await isClean(t, page, 'a passing note', { part: '.notes' })

  await go('discover')
  await button(page, 'Join Harbour swimming').waitFor()
  await isClean(t, page, 'groups to discover')
  await go('settings')
  await page.getByText('This device').waitFor()
  await isClean(t, page, 'settings')

  await go(here)
  await composer(page).waitFor()
  await page.context().setOffline(true)
  await composer(page).fill('From the tunnel')
  await composer(page).press('Enter')
  await page.getByRole('region', { name: 'Connection' }).getByText('One message waits').waitFor()
  await isClean(t, page, 'without a connection')
})

/** Where one may be, and what is there when it is whole. */
const screens: readonly (readonly [place: string, there: string])[] = [
  ['', '.conversation-row'],
  [here, 'article[data-seq] img'],
  [`${here}?t=${room.root_id}`, '.app-beside article[data-seq]'],
  [`${here}?p=search`, '.search-form'],
  [`${here}?p=members`, '.member-row'],
  ['discover', '.discover-card'],
  ['settings', '.settings-item']
]

/** Nothing scrolls sideways, is cut, covered or out of reach, wherever one is. */
async function everyScreenFits(t: Test, page: Page, check: (what: string) => Promise<void> = async () => {}) {
  for (const [place, there] of screens) {
    const what = place.replace(here, 'c').replace(room.root_id, 'root')
    await page.goto(`${url}/messaging/#/${place}`)
    await page.locator(there).first().waitFor()
    await isWhole(page)
    t.strictSame(await page.evaluate(findMisfits), [], `it fits: ${what}`)
    if (place === here)
      for (const part of ['.composer-text', '.composer-send']) t.ok(await isInView(page.locator(part)), part)
    await check(what)
  }
  await page.goto(`${url}/messaging/#/`)
  await page.locator('.conversations-head button').click()
  await page.getByRole('radio').nth(1).check()
  await page.locator('dialog textarea').waitFor()
  t.strictSame(await page.evaluate(findMisfits), [], 'it fits: a new group')
  await page.keyboard.press('Escape')
}

async function isInView(locator: Locator): Promise<boolean> {
  const box = await locator.boundingBox()
  const { width, height } = locator.page().viewportSize() ?? { width: 0, height: 0 }
  return !!box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
}

t.test('a phone, in German', needs, async (t) => {
  const phone = { viewport: { width: 320, height: 640 }, locale: 'de', hasTouch: true, isMobile: true }
  // One column: where it is the list or what is beside, there is nothing that is the main thing.
  const without = ['landmark-one-main', 'page-has-heading-one']
  const page = await openPage(t, '', { as: ann, ...phone })
  await page.getByRole('heading', { name: 'Unterhaltungen' }).waitFor()
  await everyScreenFits(t, page, (what) => isClean(t, page, `on a phone: ${what}`, { without }))
})

t.test('from right to left, wide and narrow', needs, async (t) => {
  const page = await openPage(t, '', { as: ann })
  await page.evaluate(() => {
    const made = document.createElement('parley-messaging')
    made.setAttribute('routing', 'hash')
    made.dir = 'rtl'
    document.querySelector('parley-messaging')?.replaceWith(made)
  })
  await page.locator('.app[dir="rtl"]').waitFor()
  await everyScreenFits(t, page)
  await page.setViewportSize({ width: 320, height: 640 })
  await everyScreenFits(t, page)
})

t.test('text of twice the size', needs, async (t) => {
  const page = await openPage(t, '', { as: ann })
  // As the browser's own setting does it.
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } })
  await page.reload()
  t.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px')
  await everyScreenFits(t, page)
})

t.test('by the keyboard alone, and one always sees where one is', needs, async (t) => {
  const dan = await signUp(url, 'dan')
  const page = await openPage(t, '')
  const { keyboard } = page
  const lost = new Set<string>()
  const look = async (after: string) => {
    const { name, is_shown } = await page.evaluate(findFocused)
    if (!is_shown) lost.add(`after ${after}: ${name}`)
  }
  const has = (locator: Locator) =>
    locator.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)
  /** Once the focus is there by itself. */
  const arrive = async (locator: Locator, after: string) => {
    await waitUntil(() => has(locator), { message: `the focus after ${after}` })
    await look(after)
  }
  const press = async (key: string) => {
    await keyboard.press(key)
    await look(key)
  }
  /** Goes there as one does, from stop to stop. */
  const tabTo = async (locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    await locator.waitFor()
    for (let stops = 0; stops < 40 && !(await has(locator)); stops++) await press(key)
    if (!(await has(locator))) throw new Error(`${key} does not lead to ${String(locator)}`)
  }
  const composer = page.getByRole('textbox', { name: `Message ${ben.user.display_name}` })
  /** The list is one stop; arrows go on from there. */
  const toMessage = async (text: string) => {
    await tabTo(page.getByRole('main').locator('article[tabindex="0"]'), 'Shift+Tab')
    for (let steps = 0; steps < 5 && !(await has(message(page, text))); steps++) await press('ArrowDown')
    if (!(await has(message(page, text)))) throw new Error(`the arrows do not lead to ${text}`)
  }

  await arrive(page.getByLabel('Username'), 'opening it')
  await keyboard.type(dan.user.username)
  await tabTo(page.getByLabel('Password', { exact: true }))
  await keyboard.type(dan.password)
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Conversations' }).waitFor()
  await waitUntil(async () => (await page.evaluate(findFocused)).is_shown, {
    message: 'focus after signing in'
  })

  await tabTo(button(page, 'New conversation').first())
  await keyboard.press('Enter')
  await arrive(page.getByRole('combobox'), 'New conversation')
  await keyboard.type(ben.user.username)
  await page.getByRole('option', { name: ben.user.display_name }).waitFor()
  await keyboard.press('Enter')
  await composer.waitFor()
  await waitUntil(async () => (await page.evaluate(findFocused)).is_shown, { message: 'focus in it' })
  await tabTo(composer)
  await keyboard.type('Good morning')
  await keyboard.press('Enter')
  await message(page, 'Good morning').waitFor()
  await look('sending')

  const id = new URL(page.url()).hash.slice('#/c/'.length)
  await bens.conversation(id).send('And to you').sent
  await message(page, 'And to you').waitFor()
  await toMessage('And to you')
  await keyboard.press('r')
  await arrive(composer, 'r')
  await keyboard.type('How are you?')
  await keyboard.press('Enter')
  await message(page, 'How are you?').waitFor()

  await toMessage('How are you?')
  await keyboard.press('+')
  await arrive(page.getByRole('searchbox', { name: 'Find an emoji' }), '+')
  await keyboard.type('cookie')
  await keyboard.press('Enter')
  await message(page, 'How are you?').getByRole('button', { name: '🍪, 1 reaction' }).waitFor()
  await arrive(message(page, 'How are you?'), 'reacting')
  await keyboard.press('e')
  await arrive(page.getByRole('textbox', { name: 'Edit message' }), 'e')
  await keyboard.type(' Well?')
  await keyboard.press('Enter')
  await message(page, 'Well?').getByText('edited').waitFor()
  await arrive(composer, 'editing')

  await toMessage('Well?')
  await keyboard.press('t')
  await arrive(page.getByRole('textbox', { name: 'Reply in thread' }), 't')
  await keyboard.type('In here')
  await keyboard.press('Enter')
  await panel(page).getByRole('article').filter({ hasText: 'In here' }).waitFor()
  await look('replying')
  await keyboard.press('Escape')
  await panel(page).waitFor({ state: 'detached' })
  await look('closing the thread')
  await keyboard.press('Control+Shift+f')
  await arrive(page.getByRole('searchbox', { name: 'Search messages' }), 'searching')
  await keyboard.type('morning')
  await panel(page)
    .getByText(/Good|Nothing was found/)
    .first()
    .waitFor()
  await press('Escape')
  await panel(page).waitFor({ state: 'detached' })
  await look('closing the search')

  await tabTo(page.getByRole('link', { name: 'Settings' }), 'Shift+Tab')
  await keyboard.press('Enter')
  await arrive(page.getByRole('heading', { name: 'Settings' }), 'Settings')
  await tabTo(button(page, 'Sign out everywhere'))
  await tabTo(page.getByRole('button', { name: `Online ${dan.user.display_name}` }), 'Shift+Tab')
  await keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await press('End')
  await keyboard.press('Enter')
  await tabTo(dialog(page).getByRole('button', { name: 'Sign out' }))
  await keyboard.press('Enter')
  await arrive(page.getByLabel('Username'), 'signing out')
  t.strictSame([...lost], [], 'the focus is lost or not seen')
})
