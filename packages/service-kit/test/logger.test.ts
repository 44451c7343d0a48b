import { Writable } from 'node:stream'
import t from 'tap'
import { createLogger } from '../src/index.ts'

t.test('secrets and what people wrote never reach a log line', async (t) => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    }
  })
  const logger = createLogger({ name: 'test', level: 'trace', stream })
  const secret = {
    authorization: 'canary',
    cookie: 'canary',
    'set-cookie': 'canary',
    password: 'canary',
    token: 'canary',
    ticket: 'canary',
    body: 'canary'
  }
  logger.info({ ...secret, kept: 'kept-0' }, 'flat')
  logger.info({ headers: secret, message: { ...secret, kept: 'kept-1' } }, 'nested')
  logger.info({ a: { b: { ...secret, kept: 'kept-2' } } }, 'deeper')
  logger.child({ user: 'u' }).info({ a: { b: { c: { ...secret, kept: 'kept-3' } } } }, 'deepest')
  logger.info({ req: { method: 'GET', url: '/ws/?ticket=canary', headers: secret } }, 'request')
  const cause = Object.assign(new Error('inner'), { detail: 'Failing row contains (canary)' })
  const failure = new Error('outer', { cause })
  logger.error({ err: Object.assign(failure, { detail: 'canary', code: '23514' }) }, 'failed')
  logger.error(Object.assign(new Error('bare'), { parameters: ['canary'] }))
  const text = lines.join('')
  t.notMatch(text, 'canary')
  for (const kept of ['kept-0', 'kept-1', 'kept-2', 'kept-3', '"path":"/ws/"', '"code":"23514"', 'inner'])
    t.match(text, kept)
  t.equal(lines.length, 7)
})
