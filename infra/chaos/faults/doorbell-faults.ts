import { randomUUID } from 'node:crypto'
import { eventSubject, roomSubject } from '@parley/contracts'
import { connectJetStream, type EventBus } from '@parley/event-bus'
import { pino } from 'pino'
import type { Random } from '../random.ts'
import type { Fault, World } from './fault.ts'

interface Heard {
  subject: string
  payload: Buffer
}

const silent = pino({ level: 'silent' })
const EVERY_MS = 20

/** What a broken publisher would ring: old events again and out of order, and what is no event at all. */
export const doorbellFaults: Fault[] = [
  {
    name: 'doorbells-again',
    touches: ['nats'],
    seconds: [4, 10],
    async begin({ stack }, random) {
      const [listener, publisher] = await Promise.all([
        connect(stack, 'gateway', 'realtime-gateway'),
        connect(stack, 'notifier', 'notifier')
      ])
      const heard: Heard[] = []
      // Its own repetitions come back here too, and are repeated once more at most: the list is short.
      listener.subscribe('room.*', (payload, subject) => {
        if (heard.length < 2_000) heard.push({ subject, payload: Buffer.from(payload) })
      })
      const timer = setInterval(() => {
        for (const { subject, payload } of someOf(heard, random)) publisher.publish(subject, payload)
      }, EVERY_MS)
      return () => stop(timer, listener, publisher)
    }
  },
  {
    name: 'poison-events',
    touches: ['nats'],
    seconds: [2, 6],
    async begin({ stack }, random) {
      const [api, notifier] = await Promise.all([
        connect(stack, 'api', 'conversation-api'),
        connect(stack, 'notifier', 'notifier')
      ])
      const timer = setInterval(() => {
        const conversation = randomUUID()
        const payload = poison(random)
        notifier.publish(roomSubject(conversation), payload)
        const subject = eventSubject('message.created', conversation)
        void api.publishDurable([{ subject, id: randomUUID(), payload }])
      }, EVERY_MS)
      return () => stop(timer, api, notifier)
    }
  }
]

function connect(
  stack: World['stack'],
  user: 'api' | 'gateway' | 'notifier',
  name: string
): Promise<EventBus> {
  return connectJetStream({ url: stack.brokerUrls[user], name, logger: silent })
}

async function stop(timer: NodeJS.Timeout, ...buses: EventBus[]): Promise<void> {
  clearInterval(timer)
  await Promise.all(buses.map((bus) => bus.close()))
}

function someOf(heard: readonly Heard[], random: Random): Heard[] {
  return heard.length === 0 ? [] : Array.from({ length: 5 }, () => random.pick(heard))
}

function poison(random: Random): Buffer {
  const texts = [
    '',
    '\n',
    '{}',
    '1 0 message.created\n',
    '99999999999999999999 1 a b c d\n{}',
    `${'9'.repeat(400)}\n`
  ]
  return Buffer.from(
    random.chance(0.5) ? random.pick(texts) : Array.from({ length: 64 }, () => random.int(0, 255))
  )
}
