import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

t.setTimeout(120_000)

const main = fileURLToPath(new URL('fixtures/main.ts', import.meta.url))

function start(t: Test, env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...env } })
  t.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'close')
  const logs: { msg: string; url?: string }[] = []
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line)
      logs.push(entry)
      if (entry.msg === 'ready') resolve(entry.url)
    })
  })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  return { child, exited, ready, logs, errors }
}

t.test('a wrong configuration is printed and ends with 1', async (t) => {
  const { exited, errors, logs } = start(t, { PORT: 'x', LOG_LEVEL: 'y' })
  t.strictSame(await exited, [1, null])
  t.match(errors.join(''), /^fixture: the configuration is not valid\nPORT: [^\n]+\nLOG_LEVEL: [^\n]+\n$/)
  t.strictSame(logs, [])
})

t.test('SIGTERM and SIGINT close in order and end with 0', async (t) => {
  const signals = ['SIGTERM', 'SIGINT'] as const
  await Promise.all(
    signals.map(async (signal) => {
      const { child, exited, ready, logs } = start(t, { PORT: '0' })
      t.equal((await fetch(await ready)).status, 200)
      child.kill(signal)
      t.strictSame(await exited, [0, null], signal)
      t.match(logs.at(-1), { msg: 'stopped' })
    })
  )
})

t.test('a start that fails, an error nobody caught and a close that hangs end with 1', async (t) => {
  const failing = start(t, { PORT: '0', FAULT: 'start' })
  const known = start(t, { PORT: '0', FAULT: 'port' })
  const crashing = start(t, { PORT: '0' })
  const hanging = start(t, { PORT: '0', FAULT: 'close' })

  t.strictSame(await failing.exited, [1, null])
  t.match(failing.logs.at(-1), { msg: 'start failed', err: { message: 'cannot start' } })

  t.strictSame(await known.exited, [1, null])
  t.equal(known.errors.join(''), 'fixture: the port is in use\n')

  await fetch(new URL('/crash', await crashing.ready))
  t.strictSame(await crashing.exited, [1, null])
  t.match(
    crashing.logs.find((entry) => entry.msg === 'uncaught error'),
    { err: { message: 'nobody catches this' } }
  )

  await hanging.ready
  hanging.child.kill('SIGTERM')
  t.strictSame(await hanging.exited, [1, null])
})
