// How a request for messages ends, and that there is another one by then. What answers is a script: a real consumer hardly ever errs.
import { setTimeout as delay } from 'node:timers/promises'
import { testNats, waitUntil } from '@parley/testing'
import { connect, headers } from 'nats'
import t, { type Test } from 'tap'
import { DurablePull } from '../src/durable-pull.ts'

const timing = { expires_ms: 1_000, renew_ms: 600, heartbeat_ms: 400 }

interface Request {
  inbox: string
  left: number
  expires_at: number
}

const nats = await testNats(t)
const needs = { skip: !nats && 'nats-server is not to be had' }

async function pulling(t: Test, onMessage: (text: string, pull: DurablePull) => void = () => {}) {
  const open = async () => {
    const connection = await connect({ servers: nats?.url ?? '' })
    t.teardown(() => connection.close())
    return connection
  }
  const [broker, consumer] = await Promise.all([open(), open()])
  const requests: Request[] = []
  broker.subscribe('$JS.API.CONSUMER.MSG.NEXT.PARLEY.notifier', {
    callback(_, message) {
      const { batch } = message.json<{ batch: number }>()
      const expires_at = performance.now() + timing.expires_ms
      requests.push({ inbox: message.reply ?? '', left: batch, expires_at })
    }
  })
  await broker.flush()
  const pull = new DurablePull(
    consumer,
    'notifier',
    '_INBOX_test',
    (message) => onMessage(message.string(), pull),
    timing
  )
  let trouble: string | undefined
  void pull.trouble.then((what) => (trouble = what))
  t.teardown(() => pull.stop())
  await waitUntil(() => requests.length > 0, { message: 'a request' })
  return {
    pull,
    requests,
    trouble: () => trouble,
    /** Answers whichever request is still open. One that has expired is forgotten without a word. */
    send(text: string): boolean {
      const request = requests.find(({ left, expires_at }) => left > 0 && performance.now() < expires_at)
      if (!request) return false
      request.left--
      broker.publish(request.inbox, text)
      return true
    },
    tell(code: number, description: string) {
      const inbox = requests.at(-1)?.inbox ?? ''
      broker.publish(inbox, undefined, { headers: headers(code, description) })
    }
  }
}

t.test('what comes while requests end without a word is received as it comes', needs, async (t) => {
  const received: string[] = []
  const { send, requests, trouble } = await pulling(t, (text, pull) => {
    received.push(text)
    pull.handled(1)
  })
  const sent: string[] = []
  let unasked = 0
  for (const until = performance.now() + 3_500; performance.now() < until; await delay(20)) {
    const text = String(sent.length)
    if (send(text)) sent.push(text)
    else unasked++
  }
  await waitUntil(() => received.length === sent.length, { message: 'everything' })
  t.strictSame(received, sent)
  t.equal(trouble(), undefined)
  t.ok(requests.length > 4, `${requests.length} requests`)
  t.ok(unasked < sent.length / 10, `${unasked} came when nothing was asked for, ${sent.length} when it was`)
})

t.test('what has expired is asked for anew', needs, async (t) => {
  const { tell, requests } = await pulling(t)
  tell(408, 'Request Timeout')
  await waitUntil(() => requests.length === 2, { message: 'another request', timeout_ms: 300 })
  t.equal(requests[1]?.left, 1_000)
})

t.test('no more is asked for than is handled', needs, async (t) => {
  let received = 0
  const { pull, send, requests } = await pulling(t, () => received++)
  const sendAll = (count: number) => {
    let sent = 0
    while (sent < count && send('')) sent++
    return sent
  }
  t.equal(sendAll(2_000), 1_000)
  await waitUntil(() => received === 1_000, { message: 'all of it' })
  t.equal(requests.length, 1, 'nothing more for now')
  pull.handled(600)
  await waitUntil(() => requests.length === 2, { message: 'the next request' })
  t.equal(requests[1]?.left, 600)
})

t.test('trouble is told: what the broker says, and that it says nothing', needs, async (t) => {
  const refused = await pulling(t)
  refused.tell(409, 'Consumer Deleted')
  t.equal(await refused.pull.trouble, 'Consumer Deleted')
  const silent = await pulling(t)
  t.equal(await silent.pull.trouble, 'silence')
})
