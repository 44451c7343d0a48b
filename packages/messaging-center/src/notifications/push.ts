import type { Client } from '@parley/client'
import type { NewPushSubscription, User } from '@parley/contracts'
import { noticeChoices } from './notice-choices.ts'
import { ownSite } from './site.ts'

/**
 * `unavailable`: this deployment does not push. `unsupported`: this browser or this page cannot; `install`: it can once the page is on
 * the home screen. `blocked`: the browser was told no, and asks no more.
 */
export type PushStatus = 'unavailable' | 'unsupported' | 'install' | 'blocked' | 'off' | 'on'

/** Who is signed in, and in which language they are to be told. */
export interface Receiver {
  client: Client
  me: User
  language: string
}

/** Whether this browser notifies this user, or could. */
export async function pushStatus({ client, me }: Receiver): Promise<PushStatus> {
  const { public_key } = await client.rest('GET push/')
  if (public_key === null) return 'unavailable'
  if (!isSupported()) return needsInstall() ? 'install' : 'unsupported'
  if (Notification.permission === 'denied') return 'blocked'
  const subscription = await currentSubscription()
  return subscription && noticeChoices.get().push_of === me.id ? 'on' : 'off'
}

/** Asks for permission, which a browser lets one do only after a click, and subscribes. */
export async function turnPushOn(receiver: Receiver): Promise<PushStatus> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') return permission === 'denied' ? 'blocked' : 'off'
  await subscribe(receiver)
  return 'on'
}

/** Nothing is pushed to this browser any more, and what was shown goes. */
export async function turnPushOff(client: Client): Promise<void> {
  const subscription = await forgetPush()
  if (!subscription) return
  const { endpoint } = subscription
  try {
    const { items } = await client.rest('GET push/')
    for (const one of items)
      if (one.endpoint === endpoint)
        await client.rest('DELETE push/subscriptions/{subscription_id}/', { subscription_id: one.id })
  } catch {
    // Where the deployment cannot be told now, the push service tells it that this browser is gone.
  }
}

/** In this browser alone: what is left to do once the session, and with it what the deployment knew, has ended. */
export async function forgetPush(): Promise<PushSubscription | null | undefined> {
  const { push_of, ...choices } = noticeChoices.get()
  if (push_of !== undefined) noticeChoices.set(choices)
  const registration = await ownRegistration()
  const subscription = await registration?.pushManager?.getSubscription()
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close()
  await subscription?.unsubscribe()
  await registration?.unregister()
  return subscription
}

/**
 * When somebody has signed in, or the page was opened again: what was on is made good, whatever changed since (this session, the
 * deployment's key, the language); what was on for somebody else goes.
 */
export async function keepPush(receiver: Receiver): Promise<void> {
  if (!isSupported() || !(await currentSubscription())) return
  if (noticeChoices.get().push_of !== receiver.me.id) await turnPushOff(receiver.client)
  else if (Notification.permission === 'granted') await subscribe(receiver)
}

export async function ownRegistration(): Promise<ServiceWorkerRegistration | undefined> {
  const site = ownSite()
  return site && 'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration(site) : undefined
}

function isSupported(): boolean {
  const page = globalThis as Partial<Pick<typeof globalThis, 'Notification' | 'PushManager'>>
  return Boolean(ownSite() && 'serviceWorker' in navigator && page.Notification && page.PushManager)
}

/** iOS and iPadOS know of push only on pages that were put on the home screen. */
function needsInstall(): boolean {
  return ownSite() !== undefined && 'standalone' in navigator && navigator.standalone === false
}

async function currentSubscription(): Promise<PushSubscription | null | undefined> {
  return (await ownRegistration())?.pushManager.getSubscription()
}

async function subscribe({ client, me, language }: Receiver): Promise<void> {
  const { public_key } = await client.rest('GET push/')
  const site = ownSite()
  if (!site || public_key === null) return
  const address = new URL(`sw.js?lang=${encodeURIComponent(language)}`, site)
  const registration = await navigator.serviceWorker.register(address, { scope: site.pathname })
  await whenActive(registration)
  const { pushManager } = registration
  let subscription = await pushManager.getSubscription()
  if (subscription && keyOf(subscription) !== public_key) {
    await subscription.unsubscribe()
    subscription = null
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key })
  await client.rest('POST push/subscriptions/', subscription.toJSON() as NewPushSubscription)
  noticeChoices.set({ ...noticeChoices.get(), push_of: me.id })
}

async function whenActive({ active, waiting, installing }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing ?? waiting
  if (active || !worker) return
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve()
      if (worker.state === 'redundant') reject(new Error('the service worker was not taken'))
    })
  })
}

/** The deployment's key that the browser subscribed with, as the deployment writes it. */
function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
