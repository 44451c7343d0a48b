import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person, pool } = service
const owner = await person('owner')
const author = await person('author')
const outsider = await person('outsider')

async function message(body: string) {
  const { id } = (await owner.post('conversations/', { member_ids: idsOf(author) })).body
  const path = `conversations/${id}/`
  const sent = (await author.post(`${path}messages/`, { body })).body
  return { path, url: `${path}messages/${sent.id}/` }
}

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const tables = await pool.query(
    `select relname from pg_class where relkind in ('r', 'm') and relnamespace = 'public'::regnamespace`
  )
  const texts = await Promise.all(
    tables.rows.map(({ relname }) => pool.query(`select string_agg(x::text, ' ') as all from ${relname} x`))
  )
  return texts.map(({ rows }) => rows[0].all).join('\n')
}

t.test('EDT-1 what a message said before is kept for owners and admins', async (t) => {
  const { path, url } = await message('one')
  t.same((await owner.get(`${url}edits/`)).body, { items: [], next_cursor: null })
  for (const body of ['two', 'two', 'three', 'four']) await author.patch(url, { body })
  const all = (await owner.get(`${url}edits/`)).body
  t.match(all.items, [
    { body: 'three', replaced_by_seq: 6 },
    { body: 'two', replaced_by_seq: 5 },
    { body: 'one', replaced_by_seq: 4 }
  ])
  const first = (await owner.get(`${url}edits/?limit=2`)).body
  const second = (await owner.get(`${url}edits/?limit=2&cursor=${first.next_cursor}`)).body
  t.strictSame([...first.items, ...second.items], all.items)

  t.match(await author.get(`${url}edits/`), { status: 403, body: { code: 'forbidden' } })
  t.match(await outsider.get(`${url}edits/`), { status: 404, body: { code: 'not_found' } })
  await owner.patch(`${path}members/${author.user.id}/`, { role: 'admin' })
  t.equal((await author.get(`${url}edits/`)).status, 200)
  await owner.delete(`${path}members/${author.user.id}/`)
  t.equal((await author.get(`${url}edits/`)).status, 404, 'SEC-REMOVED sees nothing')
})

t.test('nobody is an admin of a direct conversation', async (t) => {
  const { id } = (await owner.post('conversations/', { kind: 'direct', member_ids: idsOf(author) })).body
  const sent = (await author.post(`conversations/${id}/messages/`, { body: 'x' })).body
  const url = `conversations/${id}/messages/${sent.id}/edits/`
  t.match([await owner.get(url), await author.get(url)], [{ status: 403 }, { status: 403 }])
})

t.test('EDT-2 a deletion erases every text the message ever had', async (t) => {
  const { url } = await message('canary-first')
  await author.patch(url, { body: 'canary-second' }, { 'idempotency-key': 'edit-canary' })
  t.match(await everything(), /canary-first/)
  t.equal((await author.delete(url)).status, 204)
  t.same((await owner.get(`${url}edits/`)).body.items, [])
  t.notMatch(await everything(), /canary-(first|second)/)
})

t.test('an edit that fails keeps nothing', async (t) => {
  const { url } = await message('mine')
  t.equal((await owner.patch(url, { body: 'yours' })).status, 403)
  t.equal((await author.patch(url, { body: ' ' })).status, 400)
  t.same((await owner.get(`${url}edits/`)).body.items, [])
})
