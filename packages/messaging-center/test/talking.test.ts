// Three people at their browsers, on two gateways behind nginx: they talk while a gateway is killed, while one is offline, and in two tabs.
import {
  historyOf,
  launchBrowser,
  type Person,
  RestClient,
  say,
  signUp,
  type Stack,
  startStack
} from '@parley/acceptance'
import { findNatsServer, findNginx, installDebianPackage } from '@parley/local-servers'
import { waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'
import { openAs, type Screen } from './fixtures/screen.ts'

t.setTimeout(240_000)

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const missing = browser ? [] : ['chromium']
for (const [name, find] of Object.entries({ 'nats-server': findNatsServer, nginx: findNginx }))
  if (!find() && !(await installDebianPackage(name))) missing.push(name)
const skip = missing.length > 0 && `${missing.join(' and ')} cannot be had`

t.test('three people talk, whatever happens', { skip }, async (t) => {
  if (!browser) return
  const stack = await startStack(2)
  t.teardown(() => stack.stop())
  const [ann, ben, cat] = await Promise.all([
    signUp(stack.url, 'ann'),
    signUp(stack.url, 'ben'),
    signUp(stack.url, 'cat')
  ])
  const tea = await makeConversation(ben, { title: 'Tea', member_ids: [ann.user.id, cat.user.id] })
  await makeConversation(ben, { kind: 'direct', member_ids: [ann.user.id] })
  const failed = (what: string) => t.fail(what)
  // Each goes to the gateway with fewer connections.
  const anns = await openAs(browser, stack.url, ann, { failed })
  const [home = '', other = ''] = await gatewaysByLoad(stack, 1)
  const bens = await openAs(browser, stack.url, ben, { failed })
  await gatewaysByLoad(stack, 2)
  t.same(await loadOf(stack), { [home]: 1, [other]: 1 }, 'ann and ben are on different gateways')
  const cats = await openAs(browser, stack.url, cat, { phone: true, failed })
  const screens = [anns, bens, cats]
  t.teardown(() => Promise.all(screens.map(({ page }) => page.context().close())))
  for (const screen of screens) await screen.openConversation(/^Tea/)

  /** Every screen shows every message once, in the order of the history. */
  const allTheSame = async (t: Test, shown: readonly Screen[], wanted: number) => {
    const messages = await waitUntil(
      async () => {
        const all = await historyOf(ann, tea)
        return all.length >= wanted ? all : undefined
      },
      { message: `${wanted} are kept`, timeout_ms: 30_000 }
    )
    const history = messages.map(({ seq, body }) => ({ seq, text: body ?? '' }))
    t.equal(history.length, wanted, 'as many as were said')
    for (const screen of shown) {
      await waitUntil(async () => (await screen.said()).length >= wanted, {
        message: 'all of it is shown',
        timeout_ms: 30_000
      })
      await screen.outgoing.first().waitFor({ state: 'detached' })
      t.strictSame(await screen.said(), history)
    }
  }

  await t.test('what is written, reacted and answered is seen by all, and who is here', async (t) => {
    await anns.composer.pressSequentially('Is the kettle')
    // The list says so too, which a phone does not show beside the conversation.
    const writing = ({ page }: Screen) =>
      page.getByText(`${ann.user.display_name} is writing…`).filter({ visible: true }).first()
    for (const screen of [bens, cats]) await writing(screen).waitFor()
    await anns.composer.press('Enter')
    await bens.message('Is the kettle').waitFor()
    await writing(bens).waitFor({ state: 'detached' })
    await bens.reply('Is the kettle', 'It is on')
    await cats.message('It is on').waitFor()
    await cats.react('Is the kettle', '👍')
    await anns.react('Is the kettle', '👍')
    for (const screen of screens) {
      await screen.message('Is the kettle').getByRole('button', { name: '👍, 2 reactions' }).waitFor()
      await screen
        .message('It is on')
        .getByRole('button', { name: `In reply to ${ann.user.display_name}` })
        .waitFor()
    }
    const row = anns.row(new RegExp(`${ben.user.display_name}.*(?:Online|Nothing)`))
    await row.getByText('Online').waitFor()
    await allTheSame(t, screens, 2)
  })

  await t.test('a gateway is killed while all write: each message once, in order', async (t) => {
    const talk = async (screen: Screen, name: string) => {
      for (let n = 1; n <= 10; n++) {
        await screen.write(`${name} ${n}`)
        if (screen === anns && n === 4) process.kill(stack.find(home).pid, 'SIGKILL')
      }
    }
    await Promise.all([talk(anns, 'ann'), talk(bens, 'ben'), talk(cats, 'cat')])
    await allTheSame(t, screens, 32)
    const texts = (await anns.said()).map(({ text }) => text)
    for (const name of ['ann', 'ben', 'cat'])
      t.strictSame(
        texts.filter((text) => text.startsWith(name)),
        Array.from({ length: 10 }, (_, n) => `${name} ${n + 1}`),
        'as they were written'
      )
  })

  await t.test('offline, what is written waits in sight, and goes when the way is free', async (t) => {
    await anns.goOffline()
    await anns.page.getByRole('region', { name: 'Connection' }).getByText('You are offline.').waitFor()
    for (const text of ['from the tunnel', 'still in it']) await anns.write(text)
    await anns.outgoing.nth(1).waitFor()
    t.match(await anns.outgoing.allInnerTexts(), [/from the tunnel[^]*Waiting/, /still in it[^]*Waiting/])
    await bens.write('while she is away')
    await cats.message('while she is away').waitFor()
    await anns.comeBack()
    await allTheSame(t, screens, 35)
    t.equal((await anns.said()).at(-1)?.text, 'still in it')
  })

  await t.test('two tabs have one connection; when its tab closes the other takes over', async (t) => {
    const second = await anns.openTab()
    await second.message('still in it').waitFor()
    t.equal(await connectionsOf(stack), 3, 'of three people')
    await second.write('from the second tab')
    await anns.message('from the second tab').waitFor()
    const bensTalk = (async () => {
      for (let n = 1; n <= 8; n++) await say(ben, tea, `through it ${n}`)
    })()
    await anns.page.close()
    await second.write('from the tab that is left')
    await bensTalk
    screens[0] = second
    await allTheSame(t, screens, 45)
    t.equal(await connectionsOf(stack), 3, 'of three people again')
  })
})

async function makeConversation({ api }: Person, wish: object): Promise<string> {
  const { body } = await api.post('/messaging/api/conversations/', wish)
  return (body as { id: string }).id
}

/** Open connections by gateway; one that was killed has none. */
async function loadOf(stack: Stack): Promise<Record<string, number>> {
  const load: Record<string, number> = {}
  for (const name of ['gateway-1', 'gateway-2']) {
    const answer = await new RestClient(stack.find(name).url).get('/metrics').catch(() => undefined)
    const metrics = typeof answer?.body === 'string' ? answer.body : ''
    const open = [...metrics.matchAll(/^gateway_connections\{.*\} (\d+)$/gm)]
    load[name] = open.reduce((sum, [, count]) => sum + Number(count), 0)
  }
  return load
}

async function connectionsOf(stack: Stack): Promise<number> {
  return Object.values(await loadOf(stack)).reduce((sum, count) => sum + count, 0)
}

/** The one with most connections first, once there are so many. */
async function gatewaysByLoad(stack: Stack, connections: number): Promise<string[]> {
  const load = await waitUntil(
    async () => {
      const now = Object.entries(await loadOf(stack))
      return now.reduce((sum, [, count]) => sum + count, 0) === connections ? now : undefined
    },
    { message: `${connections} connections` }
  )
  return load.toSorted(([, one], [, other]) => other - one).map(([name]) => name)
}
