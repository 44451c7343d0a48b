import { ProblemError, type SearchPage } from '@parley/contracts'
import { createMemoryEventBus } from '@parley/event-bus'
import { createLogger } from '@parley/service-kit'
import { waitUntil } from '@parley/testing'
import { sql } from 'kysely'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { findUnindexed, indexMessages } from '../../src/search/search-index-store.ts'
import { searchMessages } from '../../src/search/search-store.ts'
import { type Api, api, idsOf, type Person } from '../api-harness.ts'
import { core } from '../core-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off', SEARCH_LANGUAGE: 'english' })
const alice = await service.person('alice')
const bob = await service.person('bob')
const eve = await service.person('eve')

async function room(owner: Person, ...others: Person[]): Promise<string> {
  return (await owner.post('conversations/', { member_ids: idsOf(...others) })).body.id
}

async function say(who: Person, conversation_id: string, body: string) {
  const sent = await who.post(`conversations/${conversation_id}/messages/`, { body })
  if (sent.status !== 201) throw new Error(sent.text)
  return sent.body
}

async function search(who: Person, query: Record<string, string | number>): Promise<SearchPage> {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
  )
  const { status, body } = await who.get(`search/?${text.toString()}`)
  if (status !== 200) throw new ProblemError(body.code)
  return body
}

const byText = (a: string, b: string) => a.localeCompare(b)
const found = async (who: Person, query: Record<string, string | number>) =>
  (await search(who, query)).items.map(({ message }) => message.body)

/** Waits until everything that was said so far is indexed. */
function indexed({ pool }: Pick<Api, 'pool'> = service) {
  return waitUntil(
    async () => {
      const { rows } = await pool.query(`select 1 from messages m
        where body is not null and not exists (select 1 from message_search s where s.message_id = m.id)`)
      return rows.length === 0
    },
    { message: 'everything is indexed' }
  )
}

t.test('messages are found by their words, and only by who may see them', async (t) => {
  const shared = await room(alice, bob)
  const own = await room(alice)
  const message = await say(alice, shared, 'The deployments were running late')
  await say(alice, own, 'A deployment of my own')
  await indexed()
  t.strictSame((await search(bob, { q: 'deployed' })).items, [
    { message, highlights: [{ start: 4, end: 15 }] }
  ])
  t.equal((await found(alice, { q: 'deployment' })).length, 2)
  t.strictSame(await found(eve, { q: 'deployment' }), [])
  t.strictSame(await found(eve, { q: 'deployment', conversation_id: shared }), [], 'told nothing by asking')
  await alice.delete(`conversations/${shared}/members/${bob.user.id}/`)
  t.strictSame(await found(bob, { q: 'deployment' }), [], 'a removed member finds nothing')
  await alice.post(`conversations/${shared}/members/`, { user_id: bob.user.id })
  t.equal((await found(bob, { q: 'deployment' })).length, 1, 'who is back reads what was said before')
  await alice.delete(`conversations/${shared}/`)
  t.strictSame(await found(bob, { q: 'deployment' }), [], 'a deleted conversation is gone')
  t.equal((await service.call('GET', 'search/?q=x')).status, 401)
})

t.test('phrases, or, and words that must not be there', async (t) => {
  const here = await room(alice)
  for (const body of ['red apple pie', 'apple red', 'green apple', 'green pear']) await say(alice, here, body)
  await indexed()
  const of = async (q: string) =>
    (await found(alice, { q, conversation_id: here })).map(String).toSorted(byText)
  t.strictSame(await of('apple red'), ['apple red', 'red apple pie'])
  t.strictSame(await of('"red apple"'), ['red apple pie'])
  t.strictSame(await of('pear or pie'), ['green pear', 'red apple pie'])
  t.strictSame(await of('apple -red'), ['green apple'])
  t.strictSame(await of('the'), [], 'a stop word alone')
  for (const q of ["'", '\\', '%', '_', ':*', '!', '&', '<->', '-', '""', '%%%', 'a:b(c'])
    t.same(await of(q), [], q)
})

t.test('parts of words and misspelt words are found', async (t) => {
  const here = await room(alice)
  for (const body of ['Donaudampfschifffahrt', 'nothing of the kind', '明日の会議室です'])
    await say(alice, here, body)
  await indexed()
  const of = (q: string) => found(alice, { q, conversation_id: here })
  t.strictSame(await of('dampfschiff'), ['Donaudampfschifffahrt'])
  t.strictSame(await of('Donaudampfschiffahrt'), ['Donaudampfschifffahrt'])
  t.strictSame(await of('会議室'), ['明日の会議室です'])
  t.strictSame(await of('"dampfschiff"'), [], 'a phrase is meant to the letter')
})

t.test('highlights are offsets in code points, and never markup', async (t) => {
  const here = await room(alice)
  await say(alice, here, '😀 <b>cat</b> &amp; 👩‍👩‍👧 Cats <script>cat</script>')
  await indexed()
  const [hit] = (await search(alice, { q: 'cat', conversation_id: here })).items
  const points = Array.from(hit?.message.body ?? '')
  t.strictSame(
    hit?.highlights.map(({ start, end }) => points.slice(start, end).join('')),
    ['cat', 'Cats', 'cat']
  )
})

t.test('deleted and edited text is not found, at once, and leaves the database', async (t) => {
  const here = await room(alice)
  const [secret, kept, fresh] = await Promise.all(
    ['mandragora one', 'mandragora two', 'mandragora three'].map((body) => say(alice, here, body))
  )
  await alice.delete(`conversations/${here}/messages/${fresh.id}/`)
  await indexed()
  await alice.delete(`conversations/${here}/messages/${secret.id}/`)
  await alice.patch(`conversations/${here}/messages/${kept.id}/`, { body: 'something harmless' })
  t.strictSame(await found(alice, { q: 'mandragora' }), [])
  t.strictSame(await found(alice, { q: 'harmless', conversation_id: here }), ['something harmless'])
  await indexed()
  const { rows } = await service.pool.query(
    `select 1 from message_search where body ~ 'mandragora' or document::text ~ 'mandragora'`
  )
  t.strictSame(rows, [])
})

t.test('filters by conversation, sender and time', async (t) => {
  const [here, there] = [await room(alice, bob), await room(alice, bob)]
  const first = await say(alice, here, 'walnut by alice')
  await say(bob, here, 'walnut by bob')
  const last = await say(alice, there, 'walnut elsewhere')
  await indexed()
  t.equal((await found(bob, { q: 'walnut' })).length, 3)
  t.equal((await found(bob, { q: 'walnut', conversation_id: here })).length, 2)
  t.strictSame(await found(alice, { q: 'walnut', conversation_id: here, sender_id: bob.user.id }), [
    'walnut by bob'
  ])
  t.notOk((await found(bob, { q: 'walnut', before: last.created_at })).includes('walnut elsewhere'))
  t.ok((await found(bob, { q: 'walnut', after: last.created_at })).includes('walnut elsewhere'))
  t.strictSame(await found(bob, { q: 'walnut', before: first.created_at }), [])
  for (const query of [
    'q=',
    'q=%20',
    'q=a%00',
    `q=${'a'.repeat(201)}`,
    'q=a&before=yesterday',
    'q=a&limit=51',
    ''
  ])
    t.match(await bob.get(`search/?${query}`), { status: 400, body: { code: 'validation_failed' } }, query)
  for (const cursor of ['x', Buffer.from('["a",1,"b"]').toString('base64url')])
    t.match(await bob.get(`search/?q=a&cursor=${cursor}`), {
      status: 400,
      body: { code: 'validation_failed' }
    })
})

t.test('pages hold every match once, whatever is sent meanwhile, the best first', async (t) => {
  const here = await room(alice)
  await say(alice, here, 'kumquat '.repeat(30))
  for (let n = 0; n < 24; n++)
    await say(alice, here, `kumquat ${n} and other fruit, of which there is much to say`)
  await indexed()
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: SearchPage = await search(alice, { q: 'kumquat', limit: 10, ...(cursor ? { cursor } : {}) })
    seen.push(...page.items.map(({ message }) => message.id))
    cursor = page.next_cursor
    await say(alice, here, 'kumquat kumquat, late')
    await indexed()
  } while (cursor)
  t.equal(seen.length, 25)
  t.equal(new Set(seen).size, 25)
  const [best] = (await search(alice, { q: 'kumquat', limit: 1, before: new Date().toISOString() })).items
  t.match(best?.message.body, /^(kumquat ){30}/)
})

t.test('a change waits for no index, and the index for every change', async (t) => {
  const { db, pool, writer, person, group } = await core(t)
  const ann = await person('ann')
  const conversation_id = await group(ann)
  const { message_id } = await writer.send({ user: ann, conversation_id, body: 'before the edit' })
  const client = await pool.connect()
  await client.query('begin')
  await client.query(`update messages set body = 'after' where id = $1`, [message_id])
  const indexing = indexMessages(db, 'simple', [conversation_id])
  await waitUntil(
    async () => (await pool.query(`select 1 from pg_locks where not granted`)).rows.length > 0,
    { message: 'the indexer waits for the edit' }
  )
  await client.query('commit')
  client.release()
  t.strictSame(await indexing, [])
  const { rows } = await pool.query('select body, document::text from message_search')
  t.strictSame(rows, [{ body: 'after', document: `'after':1` }])
})

t.test('what no instance was told of is found by the sweep, and so is another language', async (t) => {
  const { db, pool, writer, person, group } = await core(t)
  const ann = await person('ann')
  const conversation_id = await group(ann)
  await Promise.all(
    Array.from({ length: 251 }, (_, n) => writer.send({ user: ann, conversation_id, body: `runs ${n}` }))
  )
  const unindexed = async (language: string) => (await findUnindexed(db, language, null)).conversation_ids
  t.strictSame(await unindexed('simple'), [conversation_id])
  t.strictSame(await indexMessages(db, 'simple', [conversation_id]), [conversation_id], 'there is one more')
  t.strictSame(await indexMessages(db, 'simple', [conversation_id]), [])
  t.strictSame(await unindexed('simple'), [])
  t.strictSame(await unindexed('english'), [conversation_id])
  while ((await indexMessages(db, 'english', [conversation_id])).length > 0);
  t.strictSame(await unindexed('english'), [])
  const { rows } = await pool.query(
    `select count(*)::int as n from message_search where document @@ to_tsquery('simple', 'run')`
  )
  t.strictSame(rows, [{ n: 251 }])
})

t.test('without pg_trgm the search goes by whole words', async (t) => {
  const { db, writer, person, group } = await core(t)
  const ann = await person('ann')
  const conversation_id = await group(ann)
  await writer.send({ user: ann, conversation_id, body: 'whole words only' })
  await indexMessages(db, 'simple', [conversation_id])
  await sql`drop extension pg_trgm cascade`.execute(db)
  const count = async (q: string) => {
    const settings = { language: 'simple', trigrams: false }
    return (await searchMessages(db, settings, { q, user_id: ann.id, limit: 5 })).items.length
  }
  t.equal(await count('words'), 1)
  t.equal(await count('word'), 0)
})

t.test('a language that the database does not know stops the start', async (t) => {
  const logger = createLogger({ name: 'test', level: 'silent' })
  const bus = createMemoryEventBus()
  const config = {
    PORT: 0,
    DATABASE_URL: service.url,
    INTERNAL_SECRET: 'a secret for tests only',
    RATE_LIMITS: 'on'
  } as const
  const { app } = await buildApp({ config: { ...config, SEARCH_LANGUAGE: 'klingon' }, bus, logger })
  await t.rejects(
    async () => {
      await app.ready()
    },
    {
      name: 'StartError',
      message: /SEARCH_LANGUAGE: .*klingon/
    }
  )
  await app.close().catch(() => undefined)
  await bus.close()
})

t.test('searches are limited', async (t) => {
  const limited = await api(t)
  const ann = await limited.person('ann')
  const statuses = new Set<number>()
  for (let n = 0; n < 25; n++) statuses.add((await ann.get('search/?q=x')).status)
  t.strictSame([...statuses], [200, 429])
})
