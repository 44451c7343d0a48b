import { randomUUID } from 'node:crypto'
import t from 'tap'
import {
  BodyText,
  clientFrames,
  closeCodes,
  comesBack,
  eventSubject,
  fieldErrors,
  isTemporary,
  limits,
  MessageEdit,
  NewMessage,
  ProblemError,
  problems,
  type ProblemCode,
  SimpleSend,
  serviceFor,
  stream,
  validator
} from '../src/index.ts'

t.test('bodies are counted in code points, and blank or unstorable ones are refused', async (t) => {
  const isBody = validator(BodyText)
  const good = [
    'x',
    ' x ',
    '\n.',
    '😀'.repeat(limits.body_length),
    'x'.repeat(limits.body_length),
    '\u0001',
    '👩‍👩‍👧'
  ]
  const bad = [
    '',
    ' ',
    '\n\t\u2003',
    'x'.repeat(limits.body_length + 1),
    'a\u0000',
    '\ud800',
    'a\udc00b',
    7,
    null,
    ['x']
  ]
  for (const body of good) t.ok(isBody(body), JSON.stringify(body).slice(0, 20))
  for (const body of bad) t.notOk(isBody(body), JSON.stringify(body).slice(0, 20))
})

t.test('mistakes are located by JSON pointer', async (t) => {
  const isMessage = validator(NewMessage)
  t.notOk(isMessage({ body: 'x', 'a/b~c': 1 }))
  t.same(
    fieldErrors(isMessage.errors).map(({ pointer }) => pointer),
    ['/a~1b~0c']
  )
  const isEdit = validator(MessageEdit)
  t.notOk(isEdit({}))
  t.match(fieldErrors(isEdit.errors), [{ pointer: '/body', reason: /required/ }])
})

t.test('client frames take what they say and nothing else', async (t) => {
  const conversation_id = randomUUID()
  const isSend = validator(clientFrames.send)
  const send = { type: 'send', conversation_id, client_id: 'c1', body: 'x' }
  t.ok(isSend(send))
  t.ok(isSend({ ...send, ref: 7, reply_to_id: null }))
  const bad = [
    { ...send, more: 1 },
    { ...send, client_id: undefined },
    { ...send, client_id: 'has space' },
    { ...send, conversation_id: 'x' },
    { ...send, ref: {} },
    { ...send, type: 'edit' }
  ]
  for (const frame of bad) t.notOk(isSend(JSON.parse(JSON.stringify(frame))))
  const isAll = validator(clientFrames.subscribe_all)
  t.ok(isAll({ type: 'subscribe_all', cursors: { [conversation_id]: 3 } }))
  t.notOk(isAll({ type: 'subscribe_all', cursors: { [conversation_id]: -1 } }))
  t.notOk(isAll({ type: 'subscribe_all', cursors: { x: 1 } }))
  const isSimple = validator(SimpleSend)
  for (const frame of [{ body: 'x' }, { content: 'x', chat: 1 }, { body: 'x', content: 'y' }])
    t.ok(isSimple(frame))
  for (const frame of [{}, { body: '' }, { text: 'x' }, { content: 1 }]) t.notOk(isSimple(frame))
})

t.test('each problem has a status, a title and one meaning of "try again"', async (t) => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    const problem = new ProblemError(code, { retry_after_ms: 5 }).toProblem()
    t.match(problem, { type: `urn:parley:problem:${code}`, code, status: problems[code].status })
    t.notOk('retry_after_ms' in problem)
    t.ok(problem.status >= 400 && problem.status < 600)
    if (problem.status >= 500) t.ok(isTemporary(code))
  }
})

t.test('every public path has its service', async (t) => {
  const paths: Record<string, ReturnType<typeof serviceFor>> = {
    '/ws/': 'realtime-gateway',
    '/ws/chat/1/': 'realtime-gateway',
    '/wsx': undefined,
    '/messaging/api/conversations/': 'conversation-api',
    '/messaging/api/conversations/1/events/': 'realtime-gateway',
    '/messaging/api/conversations/1/events/2/': 'conversation-api',
    '/messaging/api/events': 'realtime-gateway',
    '/api/login/': 'conversation-api',
    '/messaging/': 'messaging-center',
    '/': undefined
  }
  for (const [path, service] of Object.entries(paths)) t.equal(serviceFor(path), service, path)
})

t.test('event subjects are in the stream, and close codes say whether to come back', async (t) => {
  const patterns = stream.subjects.map(
    (subject) => new RegExp(`^${subject.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`)
  )
  const subject = eventSubject('message.created', randomUUID())
  t.ok(patterns.some((pattern) => pattern.test(subject)))
  t.ok(comesBack(closeCodes.shutting_down) && comesBack(closeCodes.too_slow) && comesBack(1006))
  t.notOk(
    comesBack(closeCodes.session_ended) ||
      comesBack(closeCodes.not_a_member) ||
      comesBack(closeCodes.protocol_error)
  )
})
