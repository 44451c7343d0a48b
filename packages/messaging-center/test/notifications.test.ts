// Notifications in a real Chromium, but without a push service: pushes are handed to the service worker by the DevTools protocol, as the
// browser would hand them on, and PushManager's subscribe and getSubscription are replaced by doubles that keep what they were asked.
import { createECDH } from 'node:crypto'
import { type Person, signUp } from '@parley/acceptance'
import type { PushPayload } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import type { BrowserContextOptions } from 'playwright-core'
import t, { type Test } from 'tap'
import { browsedParley } from './fixtures/browsed-parley.ts'

t.setTimeout(180_000)

const keys = createECDH('prime256v1')
const publicKey = keys.generateKeys('base64url')
const { url, needs, newBrowser } = await browsedParley(t, {
  env: {
    VAPID_PUBLIC_KEY: publicKey,
    VAPID_PRIVATE_KEY: keys.getPrivateKey('base64url').padStart(43, 'A'),
    VAPID_SUBJECT: 'mailto:nobody@example.org'
  }
})
const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])

interface Shown {
  title: string
  body: string
  tag: string
  data: { conversation_id: string; seq?: number }
}

const tagsOf = (all: readonly { tag: string }[]) =>
  all
    .map(({ tag }) => tag)
    .toSorted()
    .join()

/** A browser in which ann is signed in and the worker runs. */
async function withWorker(t: Test) {
  const context = await newBrowser(t, { as: ann, permissions: ['notifications'] })
  const page = await context.newPage()
  await page.goto(`${url}/messaging/test/`)
  const cdp = await context.newCDPSession(page)
  const registered = Promise.withResolvers<string>()
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const [one] = registrations
    if (one) registered.resolve(one.registrationId)
  })
  await cdp.send('ServiceWorker.enable')
  // One that is being activated would miss what is pushed.
  await page.evaluate(`navigator.serviceWorker.register('/messaging/sw.js?lang=en')
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => new Promise((resolve) => {
      const look = () => active.state === 'activated' && resolve()
      active.addEventListener('statechange', look)
      look()
    }))`)
  const registrationId = await registered.promise
  const shown = async () =>
    (await page.evaluate(`navigator.serviceWorker.ready.then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data })))`)) as Shown[]
  const [worker] = context.serviceWorkers()
  if (!worker) throw new Error('no service worker')
  // Chromium forgets a notification that is shown at the very moment in which it is asked for those that are: it is asked once all is done.
  await worker.evaluate(`self.done = 0
    const { waitUntil } = ExtendableEvent.prototype
    ExtendableEvent.prototype.waitUntil = function (work) {
      waitUntil.call(this, work.finally(() => self.done++))
    }`)
  let events = 0
  const done = async (count: number) => {
    events += count
    await waitUntil(async () => (await worker.evaluate<number>('self.done')) >= events, {
      message: `${events} events`,
      timeout_ms: 20_000
    })
  }
  return {
    context,
    page,
    worker,
    shown,
    /** These, and no others, are shown once the worker is done with so many events that were no pushes. */
    async until(wanted: readonly { tag: string }[], count = 0) {
      await done(count)
      t.equal(tagsOf(await shown()), tagsOf(wanted))
    },
    /** The worker is done with one before the next: two at once are that very moment again. */
    async push(payload: Partial<PushPayload> | string) {
      const data = typeof payload === 'string' ? payload : JSON.stringify(payload)
      await cdp.send('ServiceWorker.deliverPushMessage', { origin: url, registrationId, data })
      await done(1)
    }
  }
}

const post = async (path: string, body: object) =>
  (await ben.api.post(`/messaging/api/${path}`, body)).body as { id: string; seq: number }

/** What is pushed of a message that ben has just sent. */
async function said(conversation_id: string, body: string): Promise<PushPayload> {
  const message = await post(`conversations/${conversation_id}/messages/`, { body })
  return {
    kind: 'message',
    tag: message.id,
    conversation_id,
    message_id: message.id,
    seq: message.seq,
    sender: ben.user.display_name
  }
}

const team = await post('conversations/', { title: 'Tea', member_ids: [ann.user.id] })
const direct = await post('conversations/', { kind: 'direct', member_ids: [ann.user.id] })

t.test('NTF-6 a push is shown with its text, as this browser’s session reads it', needs, async (t) => {
  const { push, shown, until } = await withWorker(t)
  const first = await said(direct.id, 'Tea at five?')
  await push(first)
  await until([first])
  const second = await said(team.id, `${'long '.repeat(100)}end`)
  await push(second)
  await until([first, second])
  const [one, other] = (await shown()).toSorted((a) => (a.tag === first.tag ? -1 : 1))
  t.strictSame(one, {
    title: ben.user.display_name,
    body: 'Tea at five?',
    tag: first.tag,
    data: { conversation_id: direct.id, seq: first.seq }
  })
  t.match(other, { title: `${ben.user.display_name} · Tea`, body: /^(long )+$/ })

  await t.test(
    'NTF-7 and closed when it is withdrawn, or of something that was deleted or read',
    async () => {
      await push({ ...first, kind: 'withdrawn' })
      await until([second])
      const deleted = await said(team.id, 'A mistake')
      await ben.api.delete(`/messaging/api/conversations/${team.id}/messages/${deleted.message_id}/`)
      const read = await said(team.id, 'Old news')
      await ann.api.post(`/messaging/api/conversations/${team.id}/read/`, { seq: read.seq })
      const fresh = await said(team.id, 'News')
      for (const payload of [deleted, read, fresh]) await push(payload)
      await until([second, fresh])
    }
  )
})

t.test(
  'NTF-6 without a session, or without sense, nothing is told but that there is something',
  needs,
  async (t) => {
    const { context, push, shown, until } = await withWorker(t)
    await context.clearCookies()
    const message = await said(team.id, 'Not for everybody')
    const mention = { ...(await said(team.id, 'Nor this')), kind: 'mention' as const }
    await push(message)
    await push(mention)
    await push('no JSON')
    await push('{}')
    await until([message, mention])
    for (const one of await shown())
      t.match(one, {
        title: ben.user.display_name,
        body: one.tag === message.tag ? 'New message' : 'You were mentioned'
      })
  }
)

t.test('a click leads to the conversation, in a window that is open', needs, async (t) => {
  const { context, page, worker, push, until } = await withWorker(t)
  const home = await context.newPage()
  await home.goto(`${url}/messaging/`)
  await home.evaluate(`globalThis.told = new Promise((resolve) =>
    navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data)))
  navigator.serviceWorker.startMessages()`)
  const message = await said(team.id, 'Click me')
  await push(message)
  await until([message])
  // Nobody can click here: a browser then lets no window be focused, and the page is told all the same.
  await worker.evaluate(`self.registration.getNotifications().then(([notification]) =>
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification })))`)
  t.strictSame(await home.evaluate('told'), {
    type: 'parley-open',
    conversation_id: team.id,
    seq: message.seq
  })
  await until([], 1)
  await page.close()
})

t.test('who looks at a window of ours is not told by notification', needs, async (t) => {
  const { page, worker, shown, until } = await withWorker(t)
  const notice = { tag: 'a', title: 'Ben', body: 'Hi', conversation_id: team.id }
  const tell = (change: object = {}) =>
    page.evaluate(`navigator.serviceWorker.ready.then(({ active }) =>
      active.postMessage(${JSON.stringify({ type: 'parley-notice', notice: { ...notice, ...change } })}))`)
  const answer = (focused: boolean) =>
    worker.evaluate(`Clients.prototype.matchAll = async () => [{ focused: ${focused} }]; 0`)
  await answer(true)
  await tell()
  await until([], 1)
  await answer(false)
  await tell({ tag: 'b' })
  await until([{ tag: 'b' }], 1)
  t.match(await shown(), [{ title: 'Ben', body: 'Hi' }])
})

t.test('another address of this browser takes the place of the one before', needs, async (t) => {
  const { worker } = await withWorker(t)
  const subscription = (n: number) => ({
    endpoint: `https://push.example.org/${n}-${ann.user.id}`,
    keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) }
  })
  const old = subscription(1)
  await worker.evaluate(`fetch('api/push/subscriptions/', { method: 'POST', body: ${JSON.stringify(JSON.stringify(old))},
    headers: { 'content-type': 'application/json' } })`)
  await worker.evaluate(`self.dispatchEvent(Object.assign(new ExtendableEvent('pushsubscriptionchange'), {
    oldSubscription: ${JSON.stringify(old)},
    newSubscription: { toJSON: () => (${JSON.stringify(subscription(2))}) }
  }))`)
  const endpoints = async () => {
    const { items } = (await ann.api.get('/messaging/api/push/')).body as { items: { endpoint: string }[] }
    return items.map(({ endpoint }) => endpoint)
  }
  await waitUntil(async () => (await endpoints()).join() === subscription(2).endpoint, {
    message: 'the new one'
  })
})

/** In place of a push service: one subscription of this browser, which lasts as long as its storage. */
const pushDouble = `{
  const KEY = 'double-of-a-push-service'
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
  const of = (kept) => kept && {
    endpoint: kept.endpoint,
    options: { applicationServerKey: bytes(kept.key).buffer },
    toJSON: () => ({ endpoint: kept.endpoint, expirationTime: null, keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) } }),
    unsubscribe: async () => { localStorage.removeItem(KEY); return true }
  }
  PushManager.prototype.getSubscription = async () => of(JSON.parse(localStorage.getItem(KEY)))
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
    const kept = { endpoint: 'https://push.example.org/' + crypto.randomUUID(), key }
    localStorage.setItem(KEY, JSON.stringify(kept))
    return of(kept)
  }
}`

async function settings(t: Test, person: Person, options: BrowserContextOptions = {}) {
  const context = await newBrowser(t, { as: person, ...options })
  await context.addInitScript(pushDouble)
  const page = await context.newPage()
  await page.goto(`${url}/messaging/#/settings`)
  return { context, page, push: page.getByRole('switch', { name: 'Notify me on this device' }) }
}

async function subscriptions({ api }: Person) {
  const { items } = (await api.get('/messaging/api/push/')).body as { items: { endpoint: string }[] }
  return items.length
}

t.test(
  'notifications are switched on and off, outlast a reload, and end with the session',
  needs,
  async (t) => {
    const dan = await signUp(url, 'dan')
    const { context, page, push } = await settings(t, dan, { permissions: ['notifications'] })
    const checked = (on: boolean) => page.locator(`[role=switch][aria-checked=${on}]`).and(push).waitFor()
    await page.getByText('Your browser asks you whether it may').waitFor()
    await push.click()
    await checked(true)
    t.equal(await subscriptions(dan), 1)
    await page.reload()
    await checked(true)
    await push.click()
    await checked(false)
    t.equal(await subscriptions(dan), 0)

    await push.click()
    await checked(true)
    const room = await post('conversations/', { kind: 'direct', member_ids: [dan.user.id] })
    // The one from before may be there still.
    const worker = context.serviceWorkers().at(-1)
    // Playwright's pages think that they have the focus, all of them.
    await page.evaluate('document.hasFocus = () => false')
    await worker?.evaluate(`Clients.prototype.matchAll = async () => []
      const { showNotification } = ServiceWorkerRegistration.prototype
      self.told = new Promise((resolve) => {
        ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
          await showNotification.call(this, title, options)
          resolve(options.body)
        }
      })
      0`)
    await post(`conversations/${room.id}/messages/`, { body: 'Do you read me?' })
    const shown = () =>
      page.evaluate(`navigator.serviceWorker.getRegistration().then(async (registration) =>
      (await registration?.getNotifications() ?? []).map(({ body }) => body).join())`)
    t.equal(await worker?.evaluate('told'), 'Do you read me?', 'the page tells it')
    t.equal(await shown(), 'Do you read me?')
    await page.evaluate('document.hasFocus = () => true')
    await page.goto(`${url}/messaging/#/c/${room.id}`)
    await waitUntil(async () => (await shown()) === '', {
      message: 'seen',
      interval_ms: 500,
      timeout_ms: 20_000
    })

    await page.goto(`${url}/messaging/#/settings`)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByLabel('Username').waitFor()
    const workers = 'navigator.serviceWorker.getRegistrations().then(({ length }) => length)'
    await waitUntil(
      async () => (await page.evaluate('localStorage.getItem("double-of-a-push-service")')) === null,
      {
        message: 'nothing is pushed to this browser'
      }
    )
    await waitUntil(async () => (await page.evaluate(workers)) === 0, { message: 'no worker' })
  }
)

t.test('a browser that was told no says so, and a sound is made here', needs, async (t) => {
  const { page, push } = await settings(t, ann)
  await push.or(page.getByText('Your browser blocks notifications')).first().waitFor()
  if (await push.isVisible()) await push.click()
  await page.getByText('Your browser blocks notifications').waitFor()
  // There is no loudspeaker here.
  await page.evaluate(`globalThis.notes = 0
    Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'running' })
    OscillatorNode.prototype.start = () => void notes++
    OscillatorNode.prototype.stop = () => {}`)
  await page.getByRole('switch', { name: 'Play a sound' }).click()
  await waitUntil(async () => (await page.evaluate('notes')) === 2, {
    message: 'two notes',
    timeout_ms: 20_000
  })
})
