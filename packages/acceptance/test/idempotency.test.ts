// A retry is safe for ever: every mutation of the route table, asked again under its key at another instance a year later.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import {
  fillPath,
  headersOf,
  insiders,
  makeWorld,
  type Room,
  type RouteRow,
  routeMatrix
} from '../src/index.ts'
import { securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const parley = await securedParley(t)
const another = await securedParley(t, { DATABASE_URL: parley.databaseUrl })
const world = await makeWorld(parley.url)

/**
 * They carry secrets, or end what the retry would be asked with: nothing of them is kept. A read position only moves forward, and a
 * poll changes nothing. An upload is nothing until it is sent, and a report is one a person and message.
 */
const withoutKey = [
  /\/auth\/(?:register|login|token|ticket|password|logout|logout-all)\/$/,
  /^\/api\/(?:register|login|logout)\/$/,
  /\/conversations\/\{conversation_id\}\/(?:.*\/thread\/)?read\/$/,
  /\/events\/$/,
  /\/attachments\/$/,
  /\/reports\/$/
]

const mutations = Object.entries(routeMatrix).flatMap(([route, row]) => {
  const [method = '', path = ''] = route.split(' ')
  const actor = insiders.findLast((one) => typeof row.expected[one] === 'number')
  if (method === 'GET' || withoutKey.some((one) => one.test(path)) || !actor) return []
  return [{ route, method, path, row, actor }]
})

interface Asked {
  method: string
  path: string
  actor: (typeof insiders)[number]
  key: string
  body: unknown
}

async function ask(url: string, { method, path, actor, key, body }: Asked) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url + path, {
    method,
    headers: { ...json, ...headersOf(world, actor), 'idempotency-key': key },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await response.text()
  return {
    status: response.status,
    replay: response.headers.get('idempotent-replay') === 'true',
    id: (text === '' ? {} : (JSON.parse(text) as { id?: string })).id
  }
}

async function headsOf(): Promise<unknown> {
  const { rows } = await parley.database.query(
    `select sum(last_seq) as heads, count(*) as conversations, (select count(*) from messages) as messages from conversations`
  )
  return rows[0]
}

async function aYearPasses(): Promise<void> {
  for (const change of [
    `update requests set at = at - interval '1 year'`,
    `update messages set created_at = created_at - interval '1 year'`
  ])
    await parley.database.query(change)
}

t.ok(mutations.length >= 15, `${mutations.length} mutations`)
for (const { route, method, path, row, actor } of mutations)
  t.test(`SND-2 SND-4 ${route} is done once under its key`, async (t) => {
    const room = await world.makeRoom()
    const key = randomUUID()
    const asked = { method, path: pathIn(path, row, room), actor, key, body: row.body?.(room) }
    const first = await ask(parley.url, asked)
    t.equal(first.status, row.expected[actor])
    t.notOk(first.replay, 'the first one does it')
    await aYearPasses()
    const before = await headsOf()
    const second = await ask(another.url, asked)
    t.equal(second.status, first.status === 201 ? 200 : first.status)
    t.ok(second.replay, 'the second one says that it was done')
    t.equal(second.id, first.id)
    t.strictSame(await headsOf(), before, 'and changes nothing')
    if (!path.includes('{conversation_id}') || isSend(path)) return
    const other = await ask(another.url, { ...asked, path: pathIn(path, row, await world.makeRoom()) })
    t.equal(other.status, 409, 'for something else it is taken')
  })

/** A message's key is its sender's in one conversation, any other key its user's everywhere. */
function isSend(path: string): boolean {
  return /\/(?:messages|forwards|send_message)\/$/.test(path)
}

function pathIn(path: string, row: RouteRow, room: Room): string {
  return fillPath(path, room, '') + (row.query ?? '')
}
