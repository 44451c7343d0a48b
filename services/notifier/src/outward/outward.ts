import type {
  EventKind,
  Hook,
  HookOutcome,
  NotifierApi,
  OutwardEvent,
  Push,
  PushOutcome
} from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Logger } from 'pino'
import type { NotifierMetrics } from '../notifier-metrics.ts'
import { sendPush, type Vapid } from '../push/send-push.ts'
import { sendHook } from '../webhooks/send-hook.ts'
import { OutwardClient, type OutwardOptions } from './outward-client.ts'
import { OutwardWorker } from './outward-worker.ts'
import { queueEvents } from './queue-events.ts'

export interface Outward extends OutwardOptions {
  api: NotifierApi
  /** Undefined where this deployment does not push. */
  vapid?: Vapid | undefined
  webhooks: boolean
}

interface Services {
  bus: EventBus
  metrics: NotifierMetrics
  logger: Logger
}

const pushed: ReadonlySet<EventKind> = new Set(['message.created', 'message.deleted'])

/** Begins what goes out of the house. Returns how to end it. */
export async function startOutward(outward: Outward, services: Services): Promise<() => Promise<void>> {
  const client = new OutwardClient(outward)
  const started = [
    ...(outward.vapid ? [await startPush(outward.api, client, outward.vapid, services)] : []),
    ...(outward.webhooks ? [await startHooks(outward.api, client, services)] : [])
  ]
  return async () => {
    for (const { events, worker } of started) {
      await events.stop()
      await worker.close()
    }
    client.close()
  }
}

async function startPush(
  api: NotifierApi,
  client: OutwardClient,
  vapid: Vapid,
  { bus, metrics, logger }: Services
) {
  const worker = new OutwardWorker<Push, PushOutcome>({
    name: 'push',
    logger,
    take: (limit) => api.takePushes(limit),
    settle: (outcomes) => api.settlePushes(outcomes),
    send: async (push) => {
      const outcome = await sendPush(client, vapid, push)
      metrics.pushes.inc({ result: outcome.result })
      return outcome
    }
  })
  const queue = (events: OutwardEvent[]) => api.queuePushes(events)
  const events = await queueEvents(bus, {
    durable: 'push',
    kinds: pushed,
    queue,
    queued: () => worker.wake()
  })
  return { events, worker }
}

async function startHooks(api: NotifierApi, client: OutwardClient, { bus, metrics, logger }: Services) {
  const worker = new OutwardWorker<Hook, HookOutcome>({
    name: 'webhooks',
    logger,
    take: (limit) => api.takeHooks(limit),
    settle: (outcomes) => api.settleHooks(outcomes),
    send: async (hook) => {
      const outcome = await sendHook(client, hook)
      metrics.hooks.inc({ result: outcome.result })
      return outcome
    }
  })
  const queue = (events: OutwardEvent[]) => api.queueHooks(events)
  const events = await queueEvents(bus, { durable: 'webhooks', queue, queued: () => worker.wake() })
  return { events, worker }
}
