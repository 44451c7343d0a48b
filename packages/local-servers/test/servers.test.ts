import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import {
  findNatsServer,
  findNginx,
  freePort,
  installDebianPackage,
  startChild,
  startNatsServer,
  startNginx
} from '../src/index.ts'
import { tryLock } from '../src/process-lock.ts'
import { hold, isGone } from './hold.ts'

/** What the server says to one PING, undefined when it says nothing for 300 ms. */
async function ping(port: number): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(300, () => socket.destroy(new Error('silent')))
  socket.write('CONNECT {"verbose":false}\r\nPING\r\n')
  try {
    let said = ''
    while (!said.includes('PONG')) said += String((await once(socket, 'data'))[0])
    return said
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}

t.test('startChild', async (t) => {
  await t.rejects(startChild({ command: '/no/such/command' }), { code: 'ENOENT' })
  const lines: string[] = []
  const deaf = await startChild({
    command: process.execPath,
    args: [
      '-e',
      `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('here')`
    ],
    deathSignal: 'SIGKILL',
    log: (line) => lines.push(line)
  })
  while (!lines.includes('here')) await new Promise(setImmediate)
  t.same(await deaf.stop({ signal: 'SIGTERM', grace_ms: 100 }), { code: null, signal: 'SIGKILL' })
  t.match(deaf.output(), /here\nno/)
  t.notOk(deaf.running())
  t.match(await deaf.stop(), { signal: 'SIGKILL' }, 'stopping twice is fine')
})

t.test('a lock is held once', async (t) => {
  const name = `test ${process.pid}`
  const lock = await tryLock(name)
  t.ok(lock)
  t.notOk(await tryLock(name))
  await lock?.release()
  const again = await tryLock(name)
  t.ok(again)
  await again?.release()
})

t.test('installDebianPackage', async (t) => {
  await t.rejects(installDebianPackage('--simulate; true'), { message: /no Debian package name/ })
})

const withNats = { skip: !findNatsServer() && 'nats-server is not to be had' }
t.test('nats-server', withNats, async (t) => {
  const folder = t.testdir({ temporary: {} })
  const storeDir = join(folder, 'store')
  const first = await startNatsServer({ storeDir })
  t.teardown(() => first.stop())
  t.match(await ping(first.port), /"jetstream":true/)
  await first.pause()
  t.equal(await ping(first.port), undefined, 'a paused one says nothing')
  first.resume()
  t.match(await ping(first.port), /PONG/)
  await t.rejects(startNatsServer({ port: first.port }), {
    message: /did not start[^]*address already in use/
  })
  await first.kill()
  t.match(await first.exited, { signal: 'SIGKILL' })
  const second = await startNatsServer({ storeDir, port: first.port, config: 'max_payload: 4096' })
  t.teardown(() => second.stop())
  t.match(await ping(second.port), /"max_payload":4096/)
  await second.pause()
  await second.stop()
  t.equal(await ping(second.port), undefined, 'a paused one is stopped too')
  await t.rejects(startNatsServer({ config: 'no such setting {' }), { message: /nats-server did not start/ })

  const held = await hold(['nats'], { temporary: join(folder, 'temporary') })
  await held.killParent()
  t.ok(await isGone(held.pid), 'no orphan')
})

t.test('nginx', { skip: !findNginx() && 'nginx is not to be had' }, async (t) => {
  const prefixDir = t.testdir()
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`
  )
  const config = `pid nginx.pid; events {} http { access_log off; ${temporary.join(' ')}
    server { listen 127.0.0.1:${port}; return 200 "here"; } }`
  const nginx = await startNginx({ prefixDir, port, config })
  t.teardown(() => nginx.stop())
  t.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'here')
  await t.rejects(startNginx({ prefixDir: `${prefixDir}/other`, port, config: 'nonsense' }), {
    message: /nginx refuses its configuration/
  })
  await nginx.stop()
  t.match(await nginx.exited, { code: 0 })
})
