import { findNatsServer, findNginx, installDebianPackage } from '@parley/local-servers'
import { Presence } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { bodyOf, makeRoom, nextFrame, signUp, startStack } from '../src/index.ts'

t.setTimeout(180_000)

const servers = { 'nats-server': findNatsServer, nginx: findNginx }
const missing: string[] = []
for (const [name, find] of Object.entries(servers))
  if (!find() && !(await installDebianPackage(name))) missing.push(name)
const skip = missing.length > 0 && `${missing.join(' and ')} cannot be had`

t.test('PRS-3 without a bus, and the users of a killed gateway within 30 s', { skip }, async (t) => {
  const stack = await startStack(2)
  t.teardown(() => stack.stop())
  const [ann, ben] = await Promise.all([signUp(stack.url, 'ann'), signUp(stack.url, 'ben')])
  const room = await makeRoom(ann, ben)
  process.kill(stack.find('nats').pid, 'SIGKILL')
  const protocol = 'parley.v1'
  const path = `/ws/chat/${room}/`
  const listening = await ben.connect(path, { protocol, at: stack.find('gateway-2').url })
  await nextFrame(listening, 'subscribed')
  await ann.connect(path, { protocol, at: stack.find('gateway-1').url })
  t.match(await nextFrame(listening, 'presence'), { user_id: ann.user.id, status: 'online' })

  const killed = performance.now()
  process.kill(stack.find('gateway-1').pid, 'SIGKILL')
  const told = await waitUntil(() => listening.frames.find(({ status }) => status === 'offline'), {
    message: 'nobody stays a ghost',
    timeout_ms: 30_000
  })
  t.match(told, { type: 'presence', user_id: ann.user.id, last_seen_at: String })
  t.comment(`offline after ${Math.round(performance.now() - killed)} ms`)
  const seen = bodyOf(await ben.api.get(`/messaging/api/users/${ann.user.id}/presence/`), 200, Presence)
  t.match(seen, { status: 'offline', last_seen_at: told.last_seen_at })
  await listening.close()
})
