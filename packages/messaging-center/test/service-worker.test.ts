// The service worker in a real Chromium. Pushes are handed to it as the browser would hand them on, by the DevTools protocol: there is
// no push service here.
import { createECDH } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, signUp, startStandalone } from '@parley/acceptance'
import type { PushPayload } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'

t.setTimeout(180_000)

const browser = await launchBrowser()
t.teardown(() => browser?.close())
const needs = { skip: !browser && 'chromium cannot be had' }
const dataDir = await mkdtemp(join(tmpdir(), 'parley-worker-'))
const keys = createECDH('prime256v1')
const publicKey = keys.generateKeys('base64url')
const parley = await startStandalone({
  dataDir,
  env: {
    VAPID_PUBLIC_KEY: publicKey,
    VAPID_PRIVATE_KEY: keys.getPrivateKey('base64url').padStart(43, 'A'),
    VAPID_SUBJECT: 'mailto:nobody@example.org'
  }
})
t.teardown(async () => {
  await parley.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
})
const [ann, ben] = await Promise.all([signUp(parley.url, 'ann'), signUp(parley.url, 'ben')])

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
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ permissions: ['notifications'] })
  t.teardown(() => context.close())
  const [name = '', value = ''] = ann.cookie.split('=', 2)
  await context.addCookies([{ name, value, url: parley.url }])
  const page = await context.newPage()
  await page.goto(`${parley.url}/messaging/test/`)
  const cdp = await context.newCDPSession(page)
  const registered = Promise.withResolvers<string>()
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const [one] = registrations
    if (one) registered.resolve(one.registrationId)
  })
  await cdp.send('ServiceWorker.enable')
  await page.evaluate(
    `navigator.serviceWorker.register('/messaging/sw.js?lang=en').then(() => navigator.serviceWorker.ready)`
  )
  const registrationId = await registered.promise
  const shown = async () =>
    (await page.evaluate(`navigator.serviceWorker.ready.then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data })))`)) as Shown[]
  const [worker] = context.serviceWorkers()
  if (!worker) throw new Error('no service worker')
  return {
    context,
    page,
    worker,
    shown,
    /** Waits until these, and no others, are shown. */
    until: (wanted: readonly { tag: string }[]) =>
      waitUntil(async () => tagsOf(await shown()) === tagsOf(wanted), {
        message: `${wanted.length} notifications`,
        timeout_ms: 20_000
      }),
    push: (payload: Partial<PushPayload> | string) =>
      cdp.send('ServiceWorker.deliverPushMessage', {
        origin: parley.url,
        registrationId,
        data: typeof payload === 'string' ? payload : JSON.stringify(payload)
      })
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
  const [one, other] = (await shown()).toSorted((a, b) => (a.tag === first.tag ? -1 : 1))
  t.strictSame(one, {
    title: ben.user.display_name,
    body: 'Tea at five?',
    tag: first.tag,
    data: { conversation_id: direct.id, seq: first.seq }
  })
  t.match(other, { title: `${ben.user.display_name} · Tea`, body: /^long .*…$/ })

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
  await home.goto(`${parley.url}/messaging/`)
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
  await until([])
  await page.close()
})

t.test('who looks at a window of ours is not told by notification', needs, async (t) => {
  const { page, worker, shown, until } = await withWorker(t)
  const notice = { tag: 'a', title: 'Ben', body: 'Hi', conversation_id: team.id }
  const tell = (change: object = {}) =>
    page.evaluate(`navigator.serviceWorker.ready.then(({ active }) =>
      active.postMessage(${JSON.stringify({ type: 'parley-notice', notice: { ...notice, ...change } })}))`)
  await worker.evaluate(`self.focused = true
    const { matchAll } = Clients.prototype
    Clients.prototype.matchAll = async function (...options) {
      return (await matchAll.apply(this, options)).map(() => ({ focused: self.focused }))
    }`)
  await tell()
  await worker.evaluate('self.focused = false')
  await tell({ tag: 'b' })
  await until([{ tag: 'b' }])
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
