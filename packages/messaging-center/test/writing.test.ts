// Everything one writes and does with messages, in a real browser, by its keyboard.
import { type Person, signUp } from '@parley/acceptance'
import { type Client, createClient } from '@parley/client'
import { waitUntil } from '@parley/testing'
import type { Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browsedParley } from './fixtures/browsed-parley.ts'

t.setTimeout(240_000)

const { url, needs, newBrowser } = await browsedParley(t)

interface Room {
  page: Page
  ann: Person
  bens: Client
  id: string
  say(body: string, thread_id?: string): Promise<string>
}

/** Ann looks at a group of Ben's. */
async function openRoom(t: Test): Promise<Room> {
  const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
  const bens = createClient({ url, token: ben.token })
  t.teardown(() => bens.disconnect())
  await bens.connect()
  const { id } = await bens.rest('POST conversations/', { title: 'Tea', member_ids: [ann.user.id] })
  const page = await (await newBrowser(t, { as: ann })).newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${url}/messaging/#/c/${id}`)
  await composer(page).waitFor()
  const say = async (body: string, thread_id?: string) =>
    (await bens.conversation(id).send(thread_id ? { body, thread_id } : { body }).sent).message_id
  return { page, ann, bens, id, say }
}

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message Tea' })
/** One that has arrived. */
const message = (page: Page, text: string | RegExp) =>
  page.locator('article[data-seq]').filter({ hasText: text })
const hasFocus = (locator: Locator) =>
  waitUntil(
    () => locator.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element),
    { message: 'the focus', timeout_ms: 20_000 }
  )
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)

t.test(
  'what is written is kept, mentions, goes when there is a connection, and can be changed',
  needs,
  async (t) => {
    const { page, ann, bens, id } = await openRoom(t)
    const area = composer(page)
    await area.fill('Is **anybody** there?')
    await area.press('Enter')
    await message(page, 'Is anybody there?').waitFor()
    t.equal(await area.inputValue(), '')

    await t.test('a draft survives a reload, and stands in the list', async (t) => {
      await area.fill('not yet')
      const key = `parley.draft.${ann.user.id}.${id}`
      const kept = () => page.evaluate((name) => localStorage.getItem(name), key)
      await waitUntil(async () => (await kept())?.includes('not yet'), {
        message: 'a draft',
        timeout_ms: 20_000
      })
      await page.reload()
      await area.waitFor()
      t.equal(await area.inputValue(), 'not yet')
      await page.goto(`${url}/messaging/#/settings`)
      await page.getByRole('navigation').getByText('Draft: not yet').waitFor()
      await page.goBack()
      t.equal(await area.inputValue(), 'not yet')
    })

    await t.test('a name is completed, and the selection marked, by the keyboard', async (t) => {
      await area.fill('')
      await area.pressSequentially('ask @be')
      const option = page.getByRole('option', { name: /ben/ })
      await option.waitFor()
      t.equal(await area.getAttribute('aria-activedescendant'), await option.getAttribute('id'))
      await area.press('Escape')
      await option.waitFor({ state: 'detached' })
      await area.press('n')
      t.equal(await option.count(), 0, 'stays closed for that name')
      for (let n = 0; n < 4; n++) await area.press('Backspace')
      await area.pressSequentially('@b')
      await option.waitFor()
      await area.press('Tab')
      t.match(await area.inputValue(), /^ask @ben\S* $/)
      await area.pressSequentially('now')
      for (let n = 0; n < 3; n++) await area.press('Shift+ArrowLeft')
      await area.press('Control+b')
      t.match(await area.inputValue(), /^ask @ben\S* \*\*now\*\*$/)
      await area.press('Control+z')
      t.match(await area.inputValue(), /^ask @ben\S* now$/, 'as typing, it is undone')
      await area.press('Enter')
      await message(page, /^.*ask @ben\S* now/).waitFor()
      const { items } = await bens.conversation(id).history()
      t.strictSame(items.at(-1)?.mentions, [bens.me?.id])
    })

    await t.test('said without a connection it waits, and then goes', async () => {
      await page.context().setOffline(true)
      await area.fill('from the tunnel')
      await area.press('Enter')
      await page.getByText('from the tunnel').waitFor()
      t.equal(await message(page, 'from the tunnel').locator('[data-seq]').count(), 0)
      await page.context().setOffline(false)
      await page
        .locator('article[data-seq]')
        .filter({ hasText: 'from the tunnel' })
        .waitFor({ timeout: 40_000 })
    })

    await t.test('the last message is edited by ArrowUp; where that fails the text stays', async (t) => {
      await area.press('ArrowUp')
      t.equal(await page.getByRole('textbox', { name: 'Edit message' }).inputValue(), 'from the tunnel')
      const edit = page.getByRole('textbox', { name: 'Edit message' })
      await edit.fill('out of the tunnel')
      await edit.press('Enter')
      await message(page, 'out of the tunnel').getByText('edited').waitFor()
      await area.press('ArrowUp')
      await edit.fill('too late')
      const { items } = await bens.conversation(id).history()
      await bens.conversation(id).delete(items.at(-1)?.id ?? '')
      await message(page, 'This message was deleted').waitFor()
      await edit.press('Enter')
      await page.getByText('The message was deleted meanwhile.').waitFor()
      t.equal(await edit.inputValue(), 'too late')
      await edit.press('Escape')
      t.equal(await area.inputValue(), '')
    })

    await t.test('what is too long is not sent', async (t) => {
      await area.fill('a'.repeat(16_003))
      await area.press('Enter')
      await page.getByRole('status').getByText('3 characters too long to be sent').waitFor()
      t.equal((await area.inputValue()).length, 16_003)
      await area.fill('')
    })
  }
)

t.test(
  'files are shown, uploaded with progress and sent; one that is refused says why and holds up nothing else',
  needs,
  async (t) => {
    const { page, bens, id } = await openRoom(t)
    const area = composer(page)
    const uploading = Promise.withResolvers<void>()
    await page.route('**/attachments/?name=notes.txt', async (route) => {
      await uploading.promise
      await route.continue()
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    await (await chooser).setFiles([
      { name: 'cake.png', mimeType: 'image/png', buffer: picture },
      { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<b>') },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.alloc(200_000, 'a') }
    ])
    const files = page.getByRole('list', { name: 'Files of this message' })
    t.match(await files.locator('img').getAttribute('src'), /^blob:/)
    await files.getByText('Files of this type cannot be sent.').waitFor()
    await files.getByRole('progressbar', { name: 'Uploading notes.txt' }).waitFor()
    await area.fill('with files')
    await area.press('Enter')
    await page.getByText('A file was not uploaded.').waitFor()
    await page.getByRole('button', { name: 'Remove page.html' }).click()
    await area.press('Enter')
    await page.getByRole('status').getByText('as soon as its files are uploaded').waitFor()
    t.equal((await bens.conversation(id).history()).items.length, 0)
    uploading.resolve()
    await message(page, 'with files').waitFor()
    t.match((await bens.conversation(id).history()).items, [
      {
        body: 'with files',
        attachments: [
          { name: 'cake.png', width: 1 },
          { name: 'notes.txt', size: 200_000 }
        ]
      }
    ])
    t.equal(await files.count(), 0)

    await page.evaluate(`(() => {
    const find = (root) => root.querySelector('.composer') ?? [...root.querySelectorAll('*')].flatMap((one) => one.shadowRoot ? find(one.shadowRoot) ?? [] : [])[0]
    const data = new DataTransfer()
    data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
    const at = { bubbles: true, cancelable: true, composed: true, dataTransfer: data }
    find(document).parentElement.firstElementChild.dispatchEvent(new DragEvent('drop', at))
  })()`)
    await files.getByText('7 bytes').waitFor()
    await page.getByRole('button', { name: 'Remove dropped.txt' }).click()
    await hasFocus(area)
  }
)

t.test(
  'a message is reacted to, answered, pinned, forwarded, deleted and found, by the keyboard',
  needs,
  async (t) => {
    const { page, ann, bens, id, say } = await openRoom(t)
    const area = composer(page)
    const root_id = await say('Who brings the biscuits?')
    await say('Nobody has answered')
    const biscuits = message(page, 'Who brings').first()
    await biscuits.focus()

    await t.test('+ reacts', async () => {
      await page.keyboard.press('+')
      await page.getByRole('searchbox', { name: 'Find an emoji' }).fill('cookie')
      await page.keyboard.press('Enter')
      await biscuits.getByRole('button', { name: /🍪/ }).and(page.locator('[aria-pressed=true]')).waitFor()
      await hasFocus(biscuits)
    })

    await t.test('r answers, Escape leaves off', async (t) => {
      await page.keyboard.press('r')
      await hasFocus(area)
      await page.getByText('Replying to').waitFor()
      await page.keyboard.press('Escape')
      await page.getByText('Replying to').waitFor({ state: 'detached' })
      await biscuits.focus()
      await page.keyboard.press('r')
      await page.keyboard.type('I do')
      const kept = () => page.evaluate(() => Object.values(localStorage).join('\n'))
      await waitUntil(async () => (await kept()).includes(root_id), {
        message: 'what is answered is kept',
        timeout_ms: 20_000
      })
      await page.reload()
      await page.getByText('Replying to').waitFor()
      t.equal(await area.inputValue(), 'I do')
      await area.press('Enter')
      await message(page, 'I do').waitFor()
      t.equal((await bens.conversation(id).history()).items.at(-1)?.reply_to_id, root_id)
    })

    await t.test('the menu has everything, with its keys', async (t) => {
      await biscuits.focus()
      await biscuits.getByRole('button', { name: 'More to do' }).press('Enter')
      const items = await page.getByRole('menuitem').allInnerTexts()
      t.strictSame(
        items.map((item) => item.replace(/\s*\n.*$/s, '')),
        [
          'Add a reaction',
          'Reply',
          'Reply in thread',
          'Copy text',
          'Copy link',
          'Forward',
          'Pin',
          'Seen by',
          'Report'
        ]
      )
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Report this message' })
      await dialog.getByRole('button', { name: 'Report' }).click()
      await dialog.getByText('Say in a few words').waitFor()
      await dialog.getByRole('textbox').fill('no biscuits')
      await dialog.getByRole('button', { name: 'Report' }).click()
      await dialog.waitFor({ state: 'detached' })
      const { items: reports } = await bens.rest('GET conversations/{conversation_id}/reports/', {
        conversation_id: id
      })
      t.match(reports, [{ reason: 'no biscuits' }])
    })

    await t.test('t opens the thread, where one can write at once', async (t) => {
      await biscuits.focus()
      await page.keyboard.press('t')
      const reply = page.getByRole('textbox', { name: 'Reply in thread' })
      await hasFocus(reply)
      await page.keyboard.type('Ask Cat')
      await page.keyboard.press('Enter')
      const thread = page.getByRole('complementary')
      await thread.getByRole('article').filter({ hasText: 'Ask Cat' }).waitFor()
      await biscuits.getByText('1 reply').waitFor()
      await say('I did', root_id)
      await thread.getByRole('article').filter({ hasText: 'I did' }).waitFor()
      t.equal(await page.getByRole('main').getByText('Ask Cat').count(), 0)
      await thread.getByRole('button', { name: 'Close' }).click()
      await thread.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Threads' }).click()
      await page.getByRole('complementary').getByText('2 replies').waitFor()
    })

    await t.test('p pins, and the panel shows and unpins', async () => {
      await biscuits.focus()
      await page.keyboard.press('p')
      await biscuits.getByText('Pinned').waitFor()
      await page.getByRole('button', { name: 'Pinned messages' }).click()
      const panel = page.getByRole('complementary')
      await panel.getByText('Who brings').waitFor()
      await panel.getByRole('button', { name: 'Unpin' }).click()
      await panel.getByText('Nothing is pinned').waitFor()
    })

    await t.test('f forwards', async (t) => {
      const { id: direct } = await bens.rest('POST conversations/', {
        kind: 'direct',
        member_ids: [ann.user.id]
      })
      await page
        .getByRole('navigation')
        .getByText(/^ben-\w+$/)
        .waitFor()
      await biscuits.focus()
      await page.keyboard.press('f')
      const dialog = page.getByRole('dialog', { name: 'Forward this message' })
      await hasFocus(dialog.getByRole('searchbox'))
      await page.keyboard.type('ben')
      await dialog.getByRole('button', { name: /^Send to ben/ }).click()
      await dialog.getByText('Sent', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
      await hasFocus(biscuits)
      t.match((await bens.conversation(direct).history()).items, [
        { forwarded_from: { message_id: root_id } }
      ])
    })

    await t.test('Delete shows what will be gone, and deletes it', async () => {
      const mine = message(page, 'I do').first()
      await mine.focus()
      await page.keyboard.press('Delete')
      const dialog = page.getByRole('dialog', { name: 'Delete this message?' })
      await dialog.getByText('I do').waitFor()
      await dialog.getByText('nobody can bring it back').waitFor()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await dialog.waitFor({ state: 'detached' })
      await message(page, 'This message was deleted').waitFor()
    })

    await t.test('what is searched for is marked, and leads to its place', async (t) => {
      await say('<b>Biscuits</b> are 🍪')
      await page.getByRole('button', { name: 'Search' }).click()
      const search = page.getByRole('searchbox', { name: 'Search messages' })
      await search.fill('biscuits')
      const hits = page.getByRole('list', { name: 'Messages that were found' }).getByRole('listitem')
      // Found half a second after it was sent.
      while ((await hits.count()) < 2) {
        await search.fill('biscuit')
        await search.fill('biscuits')
        await hits
          .nth(1)
          .waitFor({ timeout: 2_000 })
          .catch(() => undefined)
      }
      t.strictSame(
        (await hits.locator('mark').allInnerTexts()).map((text) => text.toLowerCase()),
        ['biscuits', 'biscuits']
      )
      t.ok(await hits.getByText('<b>', { exact: false }).count(), 'as text')
      await hits.filter({ hasText: 'Who brings' }).getByRole('link').click()
      await hasFocus(biscuits)
      t.match(page.url(), /m=\d+/)
      await search.fill('nothing like that')
      await page.getByText('Nothing was found').first().waitFor()
    })
  }
)
