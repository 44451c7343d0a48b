// `npm start` without npm: main.ts as a process on a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildMessagingCenter, siteHeaders } from '@parley/messaging-center'
import { openSocket, waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'

t.setTimeout(120_000)

const main = join(import.meta.dirname, '../src/main.ts')

async function dataFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-standalone-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Run {
  child: ChildProcess
  /** Rejects when the process ends first. */
  url: Promise<string>
  exited: Promise<[number | null, NodeJS.Signals | null]>
  stderr(): string
  stdout(): string
}

function start(t: Test, env: Record<string, string>): Run {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const exited = once(child, 'exit') as Run['exited']
  t.teardown(async () => {
    child.kill('SIGTERM')
    await exited
  })
  let out = ''
  let err = ''
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    out += `${line}\n`
    const ready = /^Parley is ready at (\S+)$/.exec(line)
    if (ready?.[1]) resolve(ready[1])
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  void exited.then(([code]) => reject(new Error(`ended with ${code}:\n${err}`)))
  url.catch(() => undefined)
  return { child, url, exited, stderr: () => err, stdout: () => out }
}

/** Processes whose command line or working folder is inside the data folder: its PostgreSQL. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  )
  return commands.filter((command) => command.includes(folder))
}

const json = { 'content-type': 'application/json' }

async function register(url: string, username: string): Promise<Record<string, string>> {
  const body = JSON.stringify({ username, password: 'a long enough one' })
  const reply = await fetch(`${url}messaging/api/auth/register/`, { method: 'POST', headers: json, body })
  if (!reply.ok) throw new Error(`register: ${reply.status} ${await reply.text()}`)
  const cookie = reply.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  return { ...json, cookie, origin: new URL(url).origin }
}

async function post(url: string, headers: Record<string, string>, body?: object) {
  const reply = await fetch(url, { method: 'POST', headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as { id: string }
}

/** The head of an answer as it came: nothing followed, nothing unpacked. */
async function answer(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [reply] = (await once(get(url, { headers }), 'response')) as [IncomingMessage]
  return reply.resume()
}

t.test(
  'talks, stops on SIGTERM without an orphan, and keeps what was acknowledged over kill -9',
  async (t) => {
    const DATA_DIR = await dataFolder(t)
    const first = start(t, { DATA_DIR })
    const url = await first.url
    const me = await register(url, 'ada')
    const { id } = await post(`${url}messaging/api/conversations/`, me)
    const messages = `messaging/api/conversations/${id}/messages/`
    const socket = await openSocket(`${url}ws/chat/${id}/`, { headers: me })
    await post(url + messages, me, { body: 'first' })
    t.match(await socket.next((frame) => frame.type === 'message'), { message: { body: 'first' } })

    await t.test('one port for all of it', async (t) => {
      t.match(await (await fetch(url)).json(), { docs: '/messaging/api/docs/' })
      t.equal((await fetch(`${url}messaging/api/docs/`)).status, 200)
      t.match(await (await fetch(`${url}healthz`)).json(), { status: 'ok' })
      const ready = await fetch(`${url}readyz`)
      t.match(await ready.json(), { status: 'ok', checks: { database: 'ok', bus: 'ok' } })
      const metrics = await (await fetch(`${url}metrics`)).text()
      for (const service of ['conversation-api', 'realtime-gateway', 'notifier'])
        t.match(metrics, `service="${service}"`)
      t.equal(metrics.match(/^# TYPE process_cpu_seconds_total /gm)?.length, 1)
      for (const path of ['messaging/nothing', 'nowhere', 'internal/execute', 'wsx'])
        t.match(await (await fetch(url + path)).json(), { status: 404, code: 'not_found' }, path)
      const headers = { ...me, connection: 'Upgrade', upgrade: 'h2c' }
      const reply = await answer(`${url}messaging/api/conversations/`, headers)
      t.equal(reply.statusCode, 200, 'an upgrade to something else is an ordinary request')
    })

    await t.test(
      'the messaging center’s files are there, with the headers that they are to have',
      async (t) => {
        const browser = await fetch(url, { headers: { accept: 'text/html,*/*;q=0.8' } })
        t.equal(browser.url, `${url}messaging/`, 'a browser is taken there')
        const site = await buildMessagingCenter()
        for (const file of globSync('**/*.{html,js,css,svg,png,json,webmanifest}', { cwd: site })) {
          const reply = await fetch(`${url}messaging/${file}`)
          const text = Buffer.from(await reply.arrayBuffer())
          t.ok(text.equals(await readFile(join(site, file))), file)
          t.match(Object.fromEntries(reply.headers), siteHeaders(file), file)
          t.equal(reply.headers.has('access-control-allow-origin'), !file.endsWith('.html'), file)
          const plain = await answer(`${url}messaging/${file}`)
          const again = await answer(`${url}messaging/${file}`, {
            'if-none-match': plain.headers.etag ?? ''
          })
          t.equal(again.statusCode, 304, file)
        }
        t.match(await answer(`${url}messaging/`, { 'accept-encoding': 'gzip, br' }), {
          headers: { 'content-encoding': 'br', vary: 'accept-encoding' }
        })
        for (const path of ['messaging', 'messaging?x=1'])
          t.match(await answer(url + path), {
            statusCode: 308,
            headers: { location: `/${path.replace('messaging', 'messaging/')}` }
          })
      }
    )

    await t.test('the port and the data folder are one process’s', async (t) => {
      const unused = await dataFolder(t)
      const samePort = start(t, { DATA_DIR: unused, PORT: new URL(url).port })
      t.strictSame(await samePort.exited, [1, null])
      t.match(samePort.stderr(), /^parley: port \d+ of 127\.0\.0\.1 is in use: [^\n]+\n$/)
      t.strictSame(await readdir(unused), [], 'told before anything else was started')
      const sameData = start(t, { DATA_DIR })
      t.strictSame(await sameData.exited, [1, null])
      t.match(sameData.stderr(), /^parley: DATA_DIR: [^\n]+ is in use by another running process\n$/)
    })

    t.not((await processesOf(DATA_DIR)).length, 0, 'its PostgreSQL runs')
    first.child.kill('SIGKILL')
    await first.exited
    const second = start(t, { DATA_DIR })
    const again = await second.url
    const headers = { ...me, origin: new URL(again).origin }
    const history = await (await fetch(again + messages, { headers })).json()
    t.match(history, { items: [{ body: 'first' }] })
    t.equal(second.stdout().split('\n').length, 2, 'one line on stdout')

    const open = await openSocket(`${again}ws/chat/${id}/`, { headers })
    second.child.kill('SIGTERM')
    t.equal((await open.closed).code, 4000)
    t.strictSame(await second.exited, [0, null])
    t.strictSame(await processesOf(DATA_DIR), [])

    const third = start(t, { DATA_DIR })
    await third.url
    third.child.kill('SIGKILL')
    await third.exited
    await waitUntil(async () => (await processesOf(DATA_DIR)).length === 0, { message: 'no orphan' })
  }
)

t.test('every wrong variable is reported at once', async (t) => {
  const run = start(t, { PORT: '80000', LOG_LEVEL: 'loud', RATE_LIMITS: 'maybe', NATS_URL: 'http://x' })
  t.strictSame(await run.exited, [1, null])
  for (const name of ['PORT', 'LOG_LEVEL', 'RATE_LIMITS', 'NATS_URL'])
    t.match(run.stderr(), new RegExp(`^${name}: `, 'm'))
  t.equal(run.stdout(), '')
})

t.test('SIGINT while it starts ends it too', async (t) => {
  const DATA_DIR = await dataFolder(t)
  const run = start(t, { DATA_DIR })
  await waitUntil(async () => (await processesOf(DATA_DIR)).length > 0, {
    message: 'PostgreSQL starts',
    timeout_ms: 20_000
  })
  run.child.kill('SIGINT')
  t.strictSame(await run.exited, [0, null])
  t.strictSame(await processesOf(DATA_DIR), [])
})
