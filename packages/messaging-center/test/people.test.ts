// People, groups and settings in a real browser: by names, by roles, and over reloads.
import { type Person, signUp } from '@parley/acceptance'
import { type Client, createClient } from '@parley/client'
import { waitUntil } from '@parley/testing'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browsedParley } from './fixtures/browsed-parley.ts'

t.setTimeout(240_000)

const { url, needs, newBrowser } = await browsedParley(t)
const [ann, ben, cat] = await Promise.all(['ann', 'ben', 'cat'].map((name) => signUp(url, name)))
const nameOf = (person: Person | undefined) => person?.user.display_name ?? ''

async function pageOf(t: Test, person: Person | undefined, place = ''): Promise<Page> {
  const page = await (await newBrowser(t, { as: person })).newPage()
  await page.goto(`${url}/messaging/#/${place}`)
  return page
}

function clientOf(t: Test, person: Person | undefined): Client {
  const client = createClient({ url, token: person?.token ?? '' })
  t.teardown(() => client.disconnect())
  return client
}

const rowOf = (page: Page, person: Person | undefined) =>
  page
    .getByRole('complementary')
    .getByRole('listitem')
    .filter({ hasText: nameOf(person) })

/** Something of the menu of a member's row. */
async function choose(page: Page, person: Person | undefined, item: string): Promise<void> {
  await page.getByRole('button', { name: `What to do with ${nameOf(person)}` }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

t.test(
  'a direct conversation is begun once, by keyboard; a double click makes one group',
  needs,
  async (t) => {
    const page = await pageOf(t, ann)
    const anns = clientOf(t, ann)
    const heading = page.getByRole('main').getByRole('heading', { level: 1 })
    const begin = async () => {
      await page.getByRole('button', { name: 'New conversation' }).first().click()
      await page.getByRole('combobox').fill(nameOf(ben).slice(0, 8))
      await page.getByRole('option', { name: nameOf(ben) }).waitFor()
      await page.keyboard.press('Enter')
      await heading.filter({ hasText: nameOf(ben) }).waitFor()
    }
    await begin()
    const address = page.url()
    await page.goto(`${url}/messaging/#/`)
    await begin()
    t.equal(page.url(), address, 'it is the one that was there')

    await page.getByRole('button', { name: 'New conversation' }).first().click()
    await page.getByRole('radio', { name: 'Group' }).check()
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByText('Give the group a name.').waitFor()
    await page.getByLabel('Name of the group').fill('Tea')
    await page.getByRole('combobox').fill(nameOf(ben))
    await page.getByRole('option', { name: nameOf(ben) }).click()
    await page.getByRole('combobox').fill(nameOf(cat))
    await page.getByRole('option', { name: nameOf(cat) }).click()
    await page.getByRole('button', { name: `Remove ${nameOf(cat)}` }).click()
    await page.getByRole('button', { name: 'Create group' }).dblclick()
    await heading.filter({ hasText: 'Tea' }).waitFor()
    const groups = (await anns.rest('GET conversations/')).items.filter(({ kind }) => kind === 'group')
    t.match(groups, [{ title: 'Tea', member_count: 2 }])
    t.equal(groups.length, 1)
  }
)

t.test('members are added, given roles, removed and banned, and everyone sees it', needs, async (t) => {
  const anns = clientOf(t, ann)
  const wish = { title: 'Walks', member_ids: [ben?.user.id ?? ''] }
  const { id: conversation_id } = await anns.rest('POST conversations/', wish)
  const page = await pageOf(t, ann, `c/${conversation_id}?p=members`)
  const bens = await pageOf(t, ben, `c/${conversation_id}?p=members`)
  await rowOf(bens, ann).getByText('Owner').waitFor()
  t.equal(await bens.getByRole('button', { name: 'Add people' }).count(), 0, 'a member adds nobody')

  await page.getByRole('button', { name: 'Add people' }).click()
  await page.getByRole('combobox').fill(nameOf(cat))
  await page.getByRole('option', { name: nameOf(cat) }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add 1 person' }).click()
  await rowOf(bens, cat).waitFor()

  await choose(page, ben, 'Make admin')
  await rowOf(page, ben).getByText('Admin').waitFor()
  await bens.getByRole('tab', { name: 'Banned' }).waitFor()
  await bens.getByRole('button', { name: `What to do with ${nameOf(ann)}` }).click()
  await bens.getByRole('menuitem').first().waitFor()
  t.equal(await bens.getByRole('menuitem').count(), 1, 'an admin can only write to an owner')
  await bens.keyboard.press('Escape')

  await choose(bens, cat, 'Remove from group')
  await bens.getByRole('dialog').getByRole('button', { name: 'Remove from group' }).click()
  await rowOf(page, cat).waitFor({ state: 'detached' })

  await choose(page, ben, 'Ban')
  await page.getByLabel('Reason').fill('Walks too fast')
  await page.getByRole('dialog').getByRole('button', { name: 'Ban', exact: true }).click()
  await rowOf(page, ben).waitFor({ state: 'detached' })
  await bens.getByRole('heading', { name: 'Members' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Add people' }).click()
  await page.getByRole('combobox').fill(nameOf(ben))
  await page.getByRole('option', { name: nameOf(ben) }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add 1 person' }).click()
  await page.getByRole('alert').getByText('banned').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Banned' }).click()
  await page.getByText('Walks too fast').waitFor()
  await page.getByRole('button', { name: `Let in again: ${nameOf(ben)}` }).click()
  await page.getByText('Nobody is banned').waitFor()
  await page.keyboard.press('Escape')
})

t.test('reports are shown to those who may settle them, and settled', needs, async (t) => {
  const [anns, bens] = [clientOf(t, ann), clientOf(t, ben)]
  const wish = { title: 'Market', member_ids: [ben?.user.id ?? ''] }
  const { id: conversation_id } = await anns.rest('POST conversations/', wish)
  for (const body of ['Cheap watches', 'Cheap shoes']) {
    const { id: message_id } = await anns.rest('POST conversations/{conversation_id}/messages/', {
      conversation_id,
      body
    })
    const report = { conversation_id, message_id, reason: `${body} again` }
    await bens.rest('POST conversations/{conversation_id}/messages/{message_id}/reports/', report)
  }
  const page = await pageOf(t, ann, `c/${conversation_id}?p=members`)
  const panel = page.getByRole('complementary')
  await panel.getByRole('tab', { name: 'Reports 2' }).click()
  const card = (text: string) => panel.getByRole('listitem').filter({ hasText: text }).first()
  await card('Cheap watches').getByRole('button', { name: 'Dismiss' }).click()
  await panel.getByRole('tab', { name: 'Reports 1' }).waitFor()
  await card('Cheap shoes').getByRole('button', { name: 'Remove message' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove message' }).click()
  await panel.getByText('Nothing is reported').waitFor()
  const { items } = await anns.conversation(conversation_id).history()
  t.strictSame(
    items.map(({ body }) => body),
    ['Cheap watches', null]
  )
})

t.test(
  'a public group is found by words, joined, left, and its last owner is told what to do',
  needs,
  async (t) => {
    const anns = clientOf(t, ann)
    const open = { title: 'Harbour swimming', description: 'Every morning at six', public: true }
    const { id: conversation_id } = await anns.rest('POST conversations/', open)
    const cats = await pageOf(t, cat, 'discover')
    const search = cats.getByRole('main').getByRole('searchbox')
    await search.fill('nothing of the kind')
    await cats.getByText('No group found').waitFor()
    await search.fill('morn swim')
    await cats.getByRole('button', { name: 'Join Harbour swimming' }).click()
    await cats.getByRole('main').getByRole('heading', { name: 'Harbour swimming' }).waitFor()

    const page = await pageOf(t, ann, `c/${conversation_id}`)
    const leave = async (of: Page) => {
      await of.getByRole('main').getByRole('button', { name: 'What to do with this conversation' }).click()
      await of.getByRole('menuitem', { name: 'Leave group' }).click()
      await of.getByRole('dialog').getByRole('button', { name: 'Leave group' }).click()
    }
    await leave(page)
    await page.getByText('You are the last owner').waitFor()
    await page.getByRole('button', { name: 'Choose a new owner' }).click()
    await choose(page, cat, 'Hand over the group')
    await page.getByRole('dialog').getByRole('button', { name: 'Hand over the group' }).click()
    await rowOf(page, ann).getByText('Admin').waitFor()
    await leave(page)
    await page.waitForURL(/#\/$/)
    const { items } = await clientOf(t, cat).rest('GET conversations/{conversation_id}/members/', {
      conversation_id
    })
    t.match(items, [{ user: { id: cat?.user.id }, role: 'owner' }])
  }
)

t.test('settings hold over a reload, and say what became of them', needs, async (t) => {
  const dan = await signUp(url, 'dan')
  const page = await pageOf(t, dan, 'settings')
  const host = (with_what: string) => page.locator(`parley-messaging${with_what}`).waitFor()
  await page.getByRole('radio', { name: 'Dark' }).check()
  await host('[theme=dark]')
  await page.getByRole('switch', { name: 'Hide when I am here' }).click()
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
  const privacy = () => clientOf(t, dan).rest('GET privacy/')
  await waitUntil(async () => (await privacy()).hide_presence, { message: 'presence is hidden' })
  await page.reload()
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
  await host('[theme=dark]')
  await page.getByRole('switch', { name: 'Verbergen, wann ich da bin', checked: true }).waitFor()
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('system')
  await page.getByRole('radio', { name: 'System' }).check()
  await host(':not([theme])')

  await t.test('the password', async (t) => {
    const change = page.getByRole('button', { name: 'Change password' })
    await page.getByLabel('Current password').fill('not this')
    await page.getByLabel('New password').fill('a much better one')
    await change.click()
    await page.getByText('This is not your current password.').waitFor()
    await page.getByLabel('Current password').fill(dan.password)
    await page.getByLabel('New password').fill('password')
    await change.click()
    await page.getByText('one of the most common').waitFor()
    await page.getByLabel('New password').fill('a much better one')
    await change.click()
    await page.getByText('Your password is changed.').waitFor()
    t.equal((await dan.api.get('/messaging/api/auth/me/')).status, 401, 'the other session has ended')
  })

  await t.test('sessions', async () => {
    const credentials = { username: dan.user.username, password: 'a much better one' }
    await clientOf(t, undefined).rest('POST auth/token/', credentials)
    await page.reload()
    await page.getByText('This device').waitFor()
    const others = page.getByRole('button', { name: /^Sign out node/ })
    await others.click()
    await others.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByLabel('Username').waitFor()
  })
})

t.test('somebody is blocked and unblocked, from their profile and in the settings', needs, async (t) => {
  const anns = clientOf(t, ann)
  const { id } = await anns.rest('POST conversations/', {
    kind: 'direct',
    member_ids: [cat?.user.id ?? '']
  })
  const page = await pageOf(t, ann, `c/${id}?p=members`)
  await rowOf(page, cat).getByRole('button').first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByRole('button', { name: 'Unblock' }).waitFor()
  const eve = await signUp(url, 'eve')
  await anns.rest('PUT blocks/{user_id}/', { user_id: eve.user.id })
  const eves = await pageOf(t, eve)
  await eves.getByRole('button', { name: 'New conversation' }).first().click()
  await eves.getByRole('combobox').fill(nameOf(ann))
  await eves.getByRole('option', { name: nameOf(ann) }).click()
  await eves
    .getByRole('alert')
    .getByText(`${nameOf(ann)} cannot be reached.`)
    .waitFor()

  await page.goto(`${url}/messaging/#/settings`)
  await page.reload()
  const unblock = page.getByRole('button', { name: `Unblock ${nameOf(cat)}` })
  await unblock.click()
  await unblock.waitFor({ state: 'detached' })
  const { items } = await anns.rest('GET blocks/')
  t.match(items, [{ id: eve.user.id }])
})
