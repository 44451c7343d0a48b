// What infra/ gives to PostgreSQL and NATS, on real ones: each role and each user can do its work, and nothing else.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventSubject, roomSubject, userSubject } from '@parley/contracts'
import { connectJetStream, type EventBus } from '@parley/event-bus'
import { findNatsServer, freePort, installDebianPackage } from '@parley/local-servers'
import { waitUntil } from '@parley/testing'
import { Client } from 'pg'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { makeSecrets } from '../stack/secrets.ts'
import { databaseUrl, startBroker, startDatabase } from '../stack/servers.ts'

const secrets = makeSecrets()
const natsIsThere = findNatsServer() !== undefined || (await installDebianPackage('nats-server'))

async function folder(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-infra-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

t.test('PostgreSQL: the owner makes tables, the api only uses them', async (t) => {
  const dir = await folder(t)
  const port = await freePort()
  const server = await startDatabase(dir, port, secrets, () => {})
  t.teardown(() => server.stop())
  const open = async (role: string, password: string) => {
    const client = new Client({ connectionString: databaseUrl(port, role, password) })
    await client.connect()
    t.teardown(() => client.end())
    return client
  }
  const owner = await open('parley_owner', secrets.databaseOwner)
  await owner.query('create table things (id bigint generated always as identity primary key, name text)')
  await owner.query("create function double(n int) returns int language sql as 'select n * 2'")

  const api = await open('parley_api', secrets.databaseApi)
  await api.query("insert into things (name) values ('a')")
  await api.query("update things set name = 'b'")
  t.strictSame((await api.query('select double(2), (select name from things)')).rows, [
    { double: 4, name: 'b' }
  ])
  await api.query('delete from things')
  await api.query('truncate things')
  for (const sql of [
    'create table others ()',
    'drop table things',
    'alter table things add column more text',
    'create schema theirs',
    'create role more',
    "copy things to program 'true'"
  ])
    await t.rejects(api.query(sql), { code: /42501|3F000/ }, sql)
})

t.test(
  'NATS: one user a service',
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
