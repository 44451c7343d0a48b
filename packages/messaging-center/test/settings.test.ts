import { BadRequestError, UnauthenticatedError } from '@parley/client'
import t from 'tap'
import { deviceOf } from '../src/settings/device-name.ts'
import { passwordMistake, passwordProblem } from '../src/settings/password-problem.ts'
import { parsePreferences } from '../src/settings/preferences.ts'

t.test('a device by what people call it', async (t) => {
  const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)'
  t.strictSame(deviceOf(`${linux} Chrome/130.0.0.0 Safari/537.36`), { browser: 'Chrome', system: 'Linux' })
  t.strictSame(deviceOf(`${linux} Chrome/130.0.0.0 Safari/537.36 Edg/130.0`), {
    browser: 'Edge',
    system: 'Linux'
  })
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15'
  t.strictSame(deviceOf(`${phone} (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1`), {
    browser: 'Safari',
    system: 'iPhone'
  })
  t.strictSame(deviceOf('curl/8.5.0'), { browser: 'curl' })
  t.strictSame(deviceOf('Mozilla/5.0'), {})
  t.strictSame(deviceOf(null), {})
})

t.test('preferences that cannot be read are those of the beginning', async (t) => {
  const initial = { appearance: 'system', language: 'system' }
  for (const text of [null, '', '[', '7', 'null', '{"appearance":"pink","language":3}'])
    t.strictSame(parsePreferences(text), initial, String(text))
  t.strictSame(parsePreferences('{"appearance":"dark","language":"de"}'), {
    appearance: 'dark',
    language: 'de'
  })
})

t.test('what is wrong with a new password, by its field', async (t) => {
  t.match(passwordMistake({ current: '', next: 'long enough' }), { field: 'current' })
  t.match(passwordMistake({ current: 'x', next: 'short' }), { field: 'new', text: 'settings.tooShort' })
  t.equal(passwordMistake({ current: 'x', next: 'ünïcödé' }), undefined, 'bytes are what counts')
  const refused = (reason: string) =>
    new BadRequestError({ code: 'validation_failed', errors: [{ pointer: '/new_password', reason }] })
  t.match(passwordProblem(refused('is one of the most common passwords')), { text: 'settings.tooCommon' })
  t.match(passwordProblem(refused('must not be the username')), { text: 'settings.isUsername' })
  t.match(passwordProblem(refused('something new')), { field: 'new', text: 'settings.notTaken' })
  t.match(passwordProblem(new UnauthenticatedError({ code: 'invalid_credentials' })), { field: 'current' })
  t.strictSame(passwordProblem(new Error('other')), {})
})
