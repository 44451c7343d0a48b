import { readdir } from 'node:fs/promises'
import {
  findNatsServer,
  findNginx,
  installDebianPackage,
  startNatsServer,
  startPostgres
} from '@parley/local-servers'
import { type Frame, type TestSocket, waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'
import {
  historyOf,
  makeRoom,
  nextFrame,
  nextSimple,
  type Person,
  RestClient,
  say,
  signUp,
  type Stack,
  startStack
} from '../src/index.ts'
import { temporaryFolder, testStandalone } from './standalone-fixture.ts'

t.setTimeout(180_000)

const servers = { 'nats-server': findNatsServer, nginx: findNginx }
const missing: string[] = []
for (const [name, find] of Object.entries(servers))
  if (!find() && !(await installDebianPackage(name))) missing.push(name)
const skip = missing.length > 0 && `${missing.join(' and ')} cannot be had`

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  t.test(`two of each behind nginx, of which one each ends by ${signal}`, { skip }, async (t) => {
    const stack = await startStack(2)
    t.teardown(() => stack.stop())
    const [ann, ben, cora] = await Promise.all([
      signUp(stack.url, 'ann'),
      signUp(stack.url, 'ben'),
      signUp(stack.url, 'cora')
    ])
    t.match(await (await fetch(`${stack.url}/messaging/`)).text(), '<parley-messaging', 'nginx has the pages')
    const room = await makeRoom(ann, ben, cora)
    const path = `/ws/chat/${room}/`
    const protocol = 'parley.v1'
    const onFirst = await ann.connect(path, { at: stack.find('gateway-1').url })
    const onSecond = await ben.connect(path, { at: stack.find('gateway-2').url, protocol })
    const news = await cora.connect('/ws/notifications/', { at: stack.find('gateway-2').url })
    const behindNginx = await cora.connect(path)
    await nextFrame(onSecond, 'subscribed')

    onFirst.send({ body: 'from gateway 1' })
    await nextSimple(behindNginx, 'message')
    onSecond.send({ type: 'send', conversation_id: room, client_id: 'c-1', body: 'from gateway 2' })
    await nextSimple(behindNginx, 'message')
    const atApi1 = new RestClient(stack.find('api-1').url, { authorization: `Bearer ${cora.token}` })
    await say({ ...cora, api: atApi1 }, room, 'over REST')
    const texts = ['from gateway 1', 'from gateway 2', 'over REST']
    for (const { frames } of [onFirst, onSecond, behindNginx])
      t.same(await waitUntil(() => fill(textsIn(frames), 3), { message: 'all three' }), texts)
    t.same(
      await waitUntil(() => fill(previewsIn(news.frames), 2), { message: 'two news' }),
      texts.slice(0, 2)
    )
    const atApi2 = new RestClient(stack.find('api-2').url, { authorization: `Bearer ${ben.token}` })
    t.same(
      (await historyOf({ ...ben, api: atApi2 }, room)).map(({ body }) => body),
      texts
    )

    await noticesFromTheStart(t, stack, { listener: ben, speaker: cora })
    for (const name of ['api-1', 'notifier-1', 'gateway-1']) process.kill(stack.find(name).pid, signal)
    const { code } = await onFirst.closed
    t.equal(code, signal === 'SIGTERM' ? 4000 : 1006)
    for (const name of ['api-1', 'notifier-1', 'gateway-1'])
      await waitUntil(() => !isRunning(stack.find(name).pid), {
        message: `${name} ended`,
        timeout_ms: 20_000
      })

    const after: string[] = []
    for (let n = 1; n <= 10; n++) {
      after.push(`REST ${n}`)
      await say(ann, room, `REST ${n}`)
    }
    onSecond.send({ type: 'send', ref: 1, conversation_id: room, client_id: 'c-2', body: 'still here' })
    t.match(await nextFrame(onSecond, 'ack'), { conversation_id: room })
    after.push('still here')
    const [, , third] = await historyOf(ann, room)
    const anew = await ann.connect(`${path}?since=${third?.seq}`)
    t.same(await waitUntil(() => fill(textsIn(anew.frames), 11), { message: 'what was missed' }), after)
    anew.send({ content: 'back again' })
    after.push('back again')
    const heard = await waitUntil(() => fill(textsIn(onSecond.frames), 15), { message: 'all of it' })
    t.same(heard, [...texts, ...after], 'a socket on the other gateway noticed nothing')
    t.same(
      (await historyOf(ben, room)).map(({ body }) => body),
      heard
    )
    const more = await waitUntil(() => fill(previewsIn(news.frames), 14), { message: 'all news' })
    t.same(more, [...texts.slice(0, 2), ...after])
    await Promise.all([onSecond, news, behindNginx, anew].map((socket) => socket.close()))
  })
}

t.test('the standalone Parley on servers of one’s own, and without the broker', { skip }, async (t) => {
  const [postgres, nats, dataDir] = await Promise.all([
    startPostgres({ dataDir: await temporaryFolder(t) }),
    startNatsServer(),
    temporaryFolder(t)
  ])
  t.teardown(() => Promise.all([postgres.stop(), nats.stop()]))
  const env = { DATABASE_URL: postgres.url, NATS_URL: nats.url }
  const parley = await testStandalone(t, { dataDir, env })
  t.same(await readdir(dataDir), [], 'it keeps nothing itself')
  const [ann, ben] = await Promise.all([signUp(parley.url, 'ann'), signUp(parley.url, 'ben')])
  const room = await makeRoom(ann, ben)
  const socket = await ben.connect(`/ws/chat/${room}/`)
  await say(ann, room, 'with a broker')
  t.match(await nextSimple(socket, 'message'), { message: { body: 'with a broker' } })
  t.match(await ready(parley.url), { status: 'ok', checks: { bus: 'ok', database: 'ok' } })

  await nats.kill()
  await say(ann, room, 'without')
  t.match(await nextSimple(socket, 'message'), { message: { body: 'without' } })
  const degraded = () => ready(parley.url).then(({ checks }) => checks.bus === 'degraded')
  await waitUntil(degraded, { message: 'it works, and says that it lacks the bus', timeout_ms: 10_000 })
  t.match(await ready(parley.url), { status: 'ok' })
  await socket.close()
})

async function ready(url: string): Promise<Readiness> {
  const { status, body } = await new RestClient(url).get('/readyz')
  if (status !== 200) throw new Error(`not ready: ${status}`)
  return body as Readiness
}

interface Readiness {
  status: string
  checks: Record<string, string>
}

/** Whoever has seen the socket open is told of everything that is said from then on. */
async function noticesFromTheStart(
  t: Test,
  { find }: Stack,
  { listener, speaker }: { listener: Person; speaker: Person }
): Promise<void> {
  const room = await makeRoom(speaker, listener)
  const speaking = await speaker.connect(`/ws/chat/${room}/`, { at: find('gateway-1').url })
  const inboxes: TestSocket[] = []
  for (let n = 0; n < 30; n++) {
    inboxes.push(await listener.connect('/ws/notifications/', { at: find('gateway-2').url }))
    speaking.send({ body: `to inbox ${n}` })
  }
  for (const { frames } of inboxes)
    await waitUntil(() => previewsIn(frames).includes('to inbox 29'), { message: 'the last notice' })
  const late = inboxes.filter(({ frames }, n) => !previewsIn(frames).includes(`to inbox ${n}`))
  t.equal(late.length, 0, 'a message sent as soon as the socket is open is notified')
  await Promise.all([speaking, ...inboxes].map((socket) => socket.close()))
}

/** The list once it is that long. */
function fill<T>(list: T[], length: number): T[] | undefined {
  return list.length >= length ? list : undefined
}

function textsIn(frames: readonly Frame[]): unknown[] {
  return frames
    .filter(({ type }) => type === 'message')
    .map(({ message }) => (message as { body: string }).body)
}

function previewsIn(frames: readonly Frame[]): unknown[] {
  return frames.filter(({ kind }) => kind === 'new_message').map(({ preview }) => preview)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
