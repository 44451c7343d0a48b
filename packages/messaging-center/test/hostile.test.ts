// Texts that want to be more than text, in every place that shows any: they are shown as they are, and nothing else happens.
import { createClient } from '@parley/client'
import { waitUntil } from '@parley/testing'
import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { bodies, descriptions, names, titles } from './corpus.ts'
import { audit, ownTags } from './fixtures/audit.ts'
import { browsedParley } from './fixtures/browsed-parley.ts'
import { hostileRoom, type Stranger } from './fixtures/hostile-room.ts'

t.setTimeout(300_000)

const { url, needs, newBrowser } = await browsedParley(t)
const { ann, anns, people, room, said, banned, groups } = await hostileRoom(url)
t.teardown(() => anns.disconnect())

/** Whatever a text brings about in this browser is a failure: dialogs, windows, requests, errors, what the policy refuses. */
async function wary(t: Test): Promise<BrowserContext> {
  // So high that lists are drawn as a whole.
  const context = await newBrowser(t, { as: ann, viewport: { width: 1280, height: 5_000 } })
  context.on('dialog', (dialog) => {
    t.fail(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('console', (message) => {
    const isNews = !message.text().startsWith('Failed to load resource')
    if (/^(?:error|warning)$/.test(message.type()) && isNews)
      t.fail(`${message.text()} ${message.location().url}`)
  })
  context.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith('blob:') && new URL(address).origin !== url) t.fail(address.slice(0, 200))
  })
  context.on('page', (page) =>
    page.on('framenavigated', (frame) => {
      if (frame.parentFrame() || ![url, 'null'].includes(new URL(frame.url()).origin)) t.fail(frame.url())
    })
  )
  return context
}

/** What elements say, in the order in which they stand. */
const textsOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => all.map(({ textContent }) => textContent ?? ''))

/** Names stand apart within sentences: without the signs that see to it. */
const bare = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, '')
/** In one line. */
const flat = (text: string) => bare(text).replaceAll(/\s+/g, ' ').trim()

/** These texts and no others, in whatever order. */
async function shows(
  t: Test,
  page: Page,
  selector: string,
  wanted: readonly string[],
  as = (text: string) => text
) {
  const sorted = (texts: readonly string[]) => texts.map(as).toSorted()
  const expected = sorted(wanted)
  let found: string[] = []
  await waitUntil(async () => (found = sorted(await textsOf(page, selector))).join() === expected.join(), {
    message: selector,
    timeout_ms: 15_000
  }).catch(() => undefined)
  t.strictSame(found, expected, selector)
}

async function isSound(t: Test, page: Page, where: string) {
  t.strictSame(await page.evaluate(audit, ownTags), [], where)
}

const at = (page: Page, place: string) => page.goto(`${url}/messaging/#/${place}`)

t.test('everything that is shown is text', needs, async (t) => {
  const page = await (await wary(t)).newPage()
  await at(page, `c/${room}`)

  await t.test('what was said', async (t) => {
    const start = page.getByText('This is where the conversation begins.')
    await page.locator('article[data-seq]').first().waitFor()
    await waitUntil(
      async () => {
        await page.locator('.message-scroller').evaluate((scroller) => (scroller.scrollTop = 0))
        return await start.isVisible()
      },
      { message: 'the beginning', timeout_ms: 20_000 }
    )
    const shown = await page.locator('article[data-id]').evaluateAll((all) =>
      all.map((one) => ({
        id: (one as HTMLElement).dataset.id ?? '',
        text: one.querySelector('.message-text')?.textContent ?? '',
        links: [...one.querySelectorAll('.message-text a')].map(({ textContent }) => textContent)
      }))
    )
    const byId = new Map(shown.map((one) => [one.id, one]))
    for (const [n, { body, shown: text = body, links = [] }] of bodies.entries()) {
      t.ok(byId.get(said[n] ?? '')?.text === text, `body ${n}`)
      t.strictSame(byId.get(said[n] ?? '')?.links, links, `links of body ${n}`)
    }
    await shows(
      t,
      page,
      '.reply-quote-text',
      bodies.slice(0, names.length).map(({ body }) => body),
      flat
    )
    await isSound(t, page, 'messages')
  })

  await t.test('the list', async (t) => {
    await shows(t, page, '.conversation-row .conversation-name', [
      'Everything',
      'Nobody',
      ...titles,
      ...names
    ])
    await isSound(t, page, 'list')
    const keys = groups.map((id) => `parley.draft.${ann.user.id}.${id}`)
    const drafts = keys.map((key, n) => [key, JSON.stringify({ body: titles[n] })] as const)
    await page.evaluate((all) => all.forEach(([key, draft]) => localStorage.setItem(key, draft)), drafts)
    await page.reload()
    const shortened = titles.map((title) => unmarked(flat(title.slice(0, 160))))
    await shows(t, page, '.conversation-preview:has(.conversation-draft)', shortened, (text) =>
      unmarked(flat(text.replace(/^Draft: /, '')))
    )
    await page.evaluate((all) => all.forEach((key) => localStorage.removeItem(key)), keys)
    await page.reload()
  })

  await t.test('beside it', async (t) => {
    await at(page, `c/${room}?p=members`)
    await shows(t, page, '.member-row .person-name', [ann.user.display_name, ...names])
    await isSound(t, page, 'members')
    await page.getByRole('tab', { name: /Reports/ }).click()
    await shows(t, page, '.report-reasons q', titles.slice(-names.length))
    await shows(
      t,
      page,
      '.report-body',
      bodies.slice(1, names.length + 1).map(({ body }) => body)
    )
    await isSound(t, page, 'reports')
    await at(page, `c/${room}?p=pins`)
    await shows(t, page, '.pin .message-text', names.slice(0, 5))
    await shows(t, page, '.pin .message-quote-name', names.slice(0, 5))
    await isSound(t, page, 'pins')
    await at(page, `c/${room}?p=threads`)
    await shows(t, page, '.thread-row-body', names.slice(0, 5))
    await isSound(t, page, 'threads')
    await at(page, `c/${room}?t=${said[0]}`)
    await shows(t, page, '.side-panel .message-text', [names[0] ?? '', names.at(-1) ?? ''])
    await isSound(t, page, 'a thread')
    await at(page, `c/${room}?p=search`)
    await page.getByRole('searchbox', { name: 'Search messages' }).fill('alert')
    await page.locator('.search-hit mark').first().waitFor()
    const known = new Set(bodies.map(({ body }) => body))
    for (const text of await textsOf(page, '.search-hit-body')) t.ok(known.has(text.replace(/!$/, '')), text)
    await isSound(t, page, 'search')
    await at(page, `c/${banned}?p=members`)
    await page.getByRole('tab', { name: 'Banned' }).click()
    await shows(t, page, '.ban-reason', titles.slice(0, names.length))
    await isSound(t, page, 'bans')
  })

  await t.test('what is done with a message', async (t) => {
    await at(page, `c/${room}`)
    const message = page
      .locator('article[data-id]')
      .filter({ hasText: `${names[4]}!` })
      .last()
    const choose = async (item: string) => {
      await message.hover()
      await message.getByRole('button', { name: 'More to do with this message' }).click()
      await page.getByRole('menuitem', { name: item, exact: true }).click()
      await page.getByRole('dialog').waitFor()
      await isSound(t, page, item)
    }
    const close = async () => {
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await choose('Earlier versions')
    await shows(t, page, '.message-version-body', [names[2] ?? '', `${names[2]}!`, `${names[3]}!`])
    await close()
    await choose('Seen by')
    await shows(t, page, '.message-seen .person-name', [
      ann.user.display_name,
      ...names.slice(0, 5).filter((name) => name !== names[2])
    ])
    await close()
    await choose('Forward')
    await shows(t, page, '.forward-name', ['Everything', 'Nobody', ...titles, ...names])
    await close()
    await choose('Report')
    await close()
    await choose('Delete')
    await shows(t, page, 'dialog .message-text', [`${names[4]}!`])
    await close()
    await message.locator('.message-sender').click()
    await shows(t, page, '.profile-name', [names[2] ?? ''])
    await close()
  })

  await t.test('what is asked about people', async (t) => {
    await at(page, `c/${room}?p=members`)
    for (const n of [8, 9, 12, 13]) {
      const row = page.locator('.member-row').nth(n + 1)
      await row.getByRole('button').last().click()
      await page.getByRole('menuitem', { name: 'Ban', exact: true }).click()
      await shows(t, page, 'dialog h2', [`Ban ${names[n]}?`], bare)
      await page.keyboard.press('Escape')
      await row.getByRole('button').last().click()
      await page.getByRole('menuitem', { name: 'Hand over the group' }).click()
      await shows(t, page, 'dialog h2', [`Hand over to ${names[n]}?`], bare)
      await isSound(t, page, `about ${n}`)
      await page.keyboard.press('Escape')
    }
    await page.route('**/members/*/', (route) => route.fulfill({ status: 403, json: { code: 'forbidden' } }))
    await page.locator('.member-row').nth(9).getByRole('button').last().click()
    await page.getByRole('menuitem', { name: 'Make admin' }).click()
    await page
      .locator('.note-text')
      .filter({ hasText: `${names[8]}:` })
      .waitFor()
    await isSound(t, page, 'a note')
    await page.unroute('**/members/*/')
  })

  await t.test('what is written', async (t) => {
    await at(page, `c/${room}`)
    const area = page.getByRole('textbox', { name: 'Message Everything' })
    await area.fill('')
    await area.pressSequentially('@h1')
    await page.locator('.composer-mention').nth(7).waitFor()
    for (const name of await textsOf(page, '.composer-mention-name')) t.ok(names.includes(name), name)
    await isSound(t, page, 'who may be mentioned')
    await area.fill('')
    await area.pressSequentially(`@${people[0]?.user.username.slice(0, 5)}`)
    await page.locator('.composer-mention').first().waitFor()
    await area.press('Enter')
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: `${names[1]}.txt`,
        mimeType: 'text/plain',
        buffer: Buffer.from('nothing')
      })
    await shows(t, page, '.composer-file-name', [`${names[1]}.txt`])
    await page.locator('.composer-file-done').waitFor()
    await isSound(t, page, 'files')
    await area.press('Enter')
    await page
      .locator('.mention')
      .filter({ hasText: names[0] ?? '' })
      .waitFor()
    await page
      .locator('.file-name')
      .filter({ hasText: `${names[1]}.txt` })
      .waitFor()
    await isSound(t, page, 'what was sent')
  })

  await t.test('what comes while one looks', async (t) => {
    const [one, other] = await Promise.all(
      [8, 12].map(async (n) => {
        const { user, password } = people[n] as Stranger
        const outside = createClient({ url })
        const { token } = await outside.rest('POST auth/token/', { username: user.username, password })
        const client = createClient({ url, token })
        t.teardown(() => client.disconnect())
        await client.connect()
        return client
      })
    )
    // Said again and again, as it is while somebody types.
    const writing = [one]
    const typing = setInterval(() => {
      for (const client of writing) client?.conversation(room).typing(true)
    }, 1_100)
    t.teardown(() => clearInterval(typing))
    await shows(t, page, '.typing-line bdi', [`${names[8]} is writing…`], bare)
    writing.push(other)
    await page
      .locator('.typing-line bdi')
      .filter({ hasText: names[12] ?? '' })
      .waitFor()
    clearInterval(typing)
    await isSound(t, page, 'who is writing')
    await one?.conversation(room).send(names[12] ?? '').sent
    const spoken = page.locator('[role=log] > p').filter({ hasText: 'gnp.exe' })
    await spoken.waitFor()
    t.equal(bare((await spoken.textContent()) ?? ''), `${names[8]}: ${names[12]}`)
    const heading = page.getByRole('main').getByRole('heading', { level: 1 })
    for (const title of titles) {
      await anns.rest('PATCH conversations/{conversation_id}/', { conversation_id: room, title })
      await waitUntil(async () => (await heading.textContent()) === title, { message: title })
    }
    await page.getByRole('main').getByRole('button', { name: 'What to do with this conversation' }).click()
    await page.getByRole('menuitem', { name: 'Delete group' }).click()
    await shows(t, page, 'dialog h2', [`Delete ${titles.at(-1)}?`], bare)
    await isSound(t, page, 'a title')
    await page.keyboard.press('Escape')
    await anns.rest('PATCH conversations/{conversation_id}/', { conversation_id: room, title: 'Everything' })
    t.match(await page.title(), /^(?:\(\d+\) )?Parley$/)
  })

  await t.test('everywhere else', async (t) => {
    await at(page, 'discover')
    await shows(t, page, '.discover-title', titles)
    await shows(t, page, '.discover-description', descriptions.slice(-titles.length))
    await isSound(t, page, 'discover')
    await at(page, 'settings')
    await shows(t, page, '.settings-list .person-name', names.slice(-6))
    await isSound(t, page, 'settings')
    await page.keyboard.press('Control+k')
    const combobox = page.getByRole('dialog').getByRole('combobox')
    await combobox.fill(names[8] ?? '')
    await shows(t, page, '.combobox-option .person-name', [names[8] ?? '', names[8] ?? ''])
    await isSound(t, page, 'quick switch')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await combobox.fill('h1')
    await page.locator('.combobox-option .person-name').nth(9).waitFor({ state: 'attached' })
    for (const name of await textsOf(page, '.combobox-option .person-name')) t.ok(names.includes(name), name)
    await isSound(t, page, 'people')
    await combobox.fill('<b>{text}</b>')
    await page.getByText('Nobody is called “<b>{text}</b>”.').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  await t.test('on the smallest screen', async (t) => {
    await page.setViewportSize({ width: 320, height: 640 })
    const places = [
      [`c/${room}`, 'article[data-id]'],
      [`c/${room}?p=members`, '.member-row'],
      [`c/${room}?p=pins`, '.pin'],
      [`c/${room}?p=threads`, '.thread-row'],
      [`c/${room}?t=${said[0]}`, '.side-panel .message-text'],
      ['discover', '.discover-title'],
      ['settings', '.settings-list'],
      ['', '.conversation-row']
    ] as const
    for (const [place, ready] of places) {
      await at(page, place)
      await page.locator(ready).first().waitFor()
      await isSound(t, page, `${place} at 320`)
    }
    for (const id of groups.slice(-6)) {
      await at(page, `c/${id}`)
      await page.locator('article[data-id]').first().waitFor()
      await isSound(t, page, 'a group at 320')
    }
  })

  await t.test('and it goes on as ever', async (t) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await at(page, `c/${room}`)
    const area = page.getByRole('textbox', { name: 'Message Everything' })
    await area.fill('Still here')
    await area.press('Enter')
    await page.locator('article[data-id]').filter({ hasText: 'Still here' }).waitFor()
    const { items } = await anns.conversation(room).history()
    t.equal(items.at(-1)?.body, 'Still here')
    t.equal(page.context().pages().length, 1, 'nothing was opened')
    await page.locator('.message-scroller').evaluate((scroller) => {
      const foreign = document.createElement('math')
      foreign.setAttribute('srcdoc', '')
      scroller.append(foreign)
    })
    t.strictSame(await page.evaluate(audit, ownTags), ['<math>', 'math srcdoc'], 'it would have been seen')
  })
})

t.test('the page for developers', needs, async (t) => {
  const page = await (await wary(t)).newPage()
  await page.setViewportSize({ width: 320, height: 2_000 })
  await page.goto(`${url}/messaging/test/`)
  await page.locator('select option').nth(titles.length).waitFor({ state: 'attached' })
  await shows(t, page, 'select option', ['Everything', 'Nobody', ...titles, ...names], flat)
  await page.getByLabel('Chat id').fill(room)
  await page.getByLabel('Replay from').fill('0')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('log').getByRole('listitem').nth(bodies.length).waitFor()
  await isSound(t, page, 'frames')
  const heard = new Set<unknown>()
  for (const line of await textsOf(page, '.test-in .test-text'))
    JSON.parse(line, (_, value: unknown) => {
      heard.add(value)
    })
  for (const [n, { body }] of bodies.entries()) t.ok(heard.has(body), `body ${n}`)
  await page.setViewportSize({ width: 1280, height: 800 })
  await isSound(t, page, 'frames, wide')
})

/** Without what may be a mark. */
const unmarked = (text: string) => text.replaceAll(/[*~`]/g, '').replaceAll(/\s+/g, ' ').trim()
