// The way of an event over the bus, with the users that infra/nats gives the services.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventSubject, roomSubject, userSubject } from '@parley/contracts'
import { connectJetStream, type EventBus } from '@parley/event-bus'
import { findNatsServer, freePort, installDebianPackage } from '@parley/local-servers'
import { waitUntil } from '@parley/testing'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { makeSecrets } from '../stack/secrets.ts'
import { startBroker } from '../stack/servers.ts'

const secrets = makeSecrets()
const natsIsThere = findNatsServer() !== undefined || (await installDebianPackage('nats-server'))

async function folder(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-infra-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

t.test(
  'each service does its work over NATS as its own user',
  { skip: natsIsThere ? false : 'nats-server is not to be had' },
  async (t) => {
    const port = await freePort()
    const server = await startBroker(await folder(t), port, secrets, () => {})
    t.teardown(() => server.stop())
    const connect = async (user: string, password: string, name: string) => {
      const bus = await connectJetStream({
        url: `nats://${user}:${password}@127.0.0.1:${port}`,
        name,
        logger: pino({ level: 'silent' })
      })
      t.teardown(() => bus.close())
      return bus
    }
    const api = await connect('api', secrets.natsApi, 'conversation-api')
    const notifier = await connect('notifier', secrets.natsNotifier, 'notifier')
    const gateway = await connect('gateway', secrets.natsGateway, 'realtime-gateway')
    const stranger = await connect('gateway', secrets.natsApi, 'stranger')
    for (const bus of [api, notifier, gateway]) await connected(bus)

    const room = randomUUID()
    const heard: string[] = []
    gateway.subscribe(
      roomSubject(room),
      (payload, subject) => void heard.push(`${subject} ${String(payload)}`)
    )
    gateway.subscribe(
      userSubject(room),
      (payload, subject) => void heard.push(`${subject} ${String(payload)}`)
    )
    await gateway.flush()
    await notifier.consume('notifier', async (batch) => {
      for (const { payload } of batch) notifier.publish(roomSubject(room), payload)
    })
    const message = (id: string) => ({
      subject: eventSubject('message.created', room),
      id,
      payload: Buffer.from(id)
    })
    t.strictSame(await api.publishDurable([message('1')]), [undefined])
    api.publish(userSubject(room), Buffer.from('2'))
    await waitUntil(() => heard.length === 2, { message: 'the gateway hears both' })
    t.strictSame(heard.toSorted(), [`room.${room} 1`, `user.${room} 2`])

    const [refused] = await gateway.publishDurable([message('3')])
    t.ok(refused, 'the gateway stores no events')
    notifier.publish(userSubject(room), Buffer.from('4'))
    gateway.publish(roomSubject(room), Buffer.from('5'))
    t.equal(await gateway.inspectStream(), null)
    t.equal(stranger.state, 'degraded', 'a wrong password does not connect')
    const [stored] = await api.publishDurable([message('6')])
    t.equal(stored, undefined)
    await waitUntil(() => heard.length === 3, { message: 'what was allowed comes after what was not' })
    t.match(heard[2], /6$/)
  }
)

function connected(bus: EventBus): Promise<unknown> {
  return waitUntil(() => bus.state === 'connected', { message: 'connected' })
}
