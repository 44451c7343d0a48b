import type { Member, Report, Role } from '@parley/contracts'
import t from 'tap'
import { banEnd, localMinute } from '../src/members/ban-terms.ts'
import { type Deed, mayDo } from '../src/members/may-do.ts'
import { withPage } from '../src/members/members-store.ts'
import { reportedMessages } from '../src/members/reported-messages.ts'

const group = (role: Role) => ({ kind: 'group', role }) as const
const roles: Role[] = ['owner', 'admin', 'member']

t.test('who may what is the table of docs/features.md', async (t) => {
  const may = (deed: Deed) => roles.filter((role) => mayDo(deed, group(role)))
  t.strictSame(may('leave'), ['owner', 'admin', 'member'])
  for (const deed of ['edit', 'add-members', 'remove', 'ban', 'moderate'] as const)
    t.strictSame(may(deed), ['owner', 'admin'], deed)
  for (const deed of ['publish', 'delete', 'change-role', 'hand-over'] as const)
    t.strictSame(may(deed), ['owner'], deed)
})

t.test('of owners only owners', async (t) => {
  for (const deed of ['remove', 'ban'] as const) {
    const whom = (role: Role) =>
      roles.filter((target) => mayDo(deed, group(role), { role: target, self: false }))
    t.strictSame(whom('owner'), ['owner', 'admin', 'member'], `${deed} by an owner`)
    t.strictSame(whom('admin'), ['admin', 'member'], `${deed} by an admin`)
    t.strictSame(whom('member'), [], `${deed} by a member`)
  }
})

t.test('of oneself only the role', async (t) => {
  const self = (role: Role) => ({ role, self: true })
  for (const deed of ['remove', 'ban', 'hand-over'] as const)
    t.notOk(mayDo(deed, group('owner'), self('owner')), deed)
  t.ok(mayDo('change-role', group('owner'), self('owner')))
  t.notOk(mayDo('change-role', group('admin'), self('admin')))
})

t.test('nothing in a direct conversation', async (t) => {
  for (const deed of ['edit', 'leave', 'add-members', 'change-role', 'remove', 'ban'] as const)
    t.notOk(mayDo(deed, { kind: 'direct', role: 'member' }), deed)
})

const member = (id: string, joined_seq = 1, role: Role = 'member'): Member => ({
  user: { id, username: id, display_name: id },
  role,
  joined_seq,
  read_seq: 0
})
const idsOf = (members: readonly Member[]) => members.map(({ user }) => user.id)

t.test('a page of members adds nobody twice, and nothing that frames know better', async (t) => {
  const told = new Map<string, Member | { gone: number }>([
    ['cat', { gone: 9 }],
    ['dan', { gone: 9 }],
    ['eve', member('eve', 3, 'admin')]
  ])
  const page = [member('ann'), member('ben'), member('cat', 2), member('dan', 12), member('eve', 3)]
  const all = withPage([member('ann')], page, told)
  t.strictSame(idsOf(all), ['ann', 'ben', 'dan', 'eve'], 'cat has left; dan has come back')
  t.equal(all.at(-1)?.role, 'admin')
})

t.test('reports of one message are one thing to settle', async (t) => {
  const report = (id: string, message_id: string) => ({ id, message: { id: message_id } }) as Report
  const reported = reportedMessages([report('1', 'a'), report('2', 'b'), report('3', 'a')])
  t.strictSame(
    reported.map(({ message, reports }) => [message.id, reports.map(({ id }) => id)]),
    [
      ['a', ['1', '3']],
      ['b', ['2']]
    ]
  )
})

t.test('a ban ends when it says, and not in the past', async (t) => {
  const now = new Date('2025-03-01T12:00:00.000Z')
  t.equal(banEnd('day', '', now), '2025-03-02T12:00:00.000Z')
  t.equal(banEnd('forever', '', now), null)
  t.equal(banEnd('until', '', now), undefined)
  t.equal(banEnd('until', localMinute(new Date('2025-02-28T12:00:00Z')), now), undefined)
  t.equal(banEnd('until', localMinute(new Date('2025-03-05T12:30:00Z')), now), '2025-03-05T12:30:00.000Z')
})
