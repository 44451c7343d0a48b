import { waitUntil } from '@parley/testing'
import t from 'tap'
import { idsOf, type Person } from '../api-harness.ts'
import { fileService, picture, refused } from './file-service.ts'

const service = await fileService(t)
const { uploaded, read, files } = service
const alice = await service.person('alice')
const bob = await service.person('bob')
const eve = await service.person('eve')

async function room(owner: Person, ...others: Person[]): Promise<string> {
  return (await owner.post('conversations/', { member_ids: idsOf(...others) })).body.id
}

t.test('SND-8 files are sent with a message, or without words, and read by its members', async (t) => {
  const here = await room(alice, bob)
  const [first, second] = [
    await uploaded(alice, 'one', 'text/plain', 'one.txt'),
    await uploaded(alice, await picture(), 'image/png')
  ]
  const path = `conversations/${here}/messages/`
  const attachment_ids = [second.id, first.id]
  const sent = await alice.post(path, { body: 'look', attachment_ids, client_id: 'k1' })
  t.equal(sent.status, 201)
  t.strictSame(sent.body.attachments, [second, first])
  t.strictSame((await bob.get(`${path}${sent.body.id}/`)).body.attachments, [second, first])
  t.strictSame((await bob.get(path)).body.items[0].attachments, [second, first])
  const [frame] = (await bob.get(`conversations/${here}/changes/?since=${sent.body.seq - 1}`)).body.items
  t.strictSame(frame.message.attachments, [second, first])
  t.equal((await read(bob, `${first.id}/`)).status, 200)
  t.equal((await read(bob, `${second.id}/thumbnail/`)).status, 200)
  t.equal(await refused(await read(eve, `${first.id}/`)), '404 not_found')
  t.equal((await alice.delete(`attachments/${first.id}/`)).status, 404, 'what is sent is not taken back')

  const again = await alice.post(path, { body: 'look', attachment_ids, client_id: 'k1' })
  t.match(again, { status: 200, body: { id: sent.body.id, attachments: [second, first] } })
  const other = await alice.post(path, { body: 'look', client_id: 'k1' })
  t.equal(other.body.code, 'idempotency_conflict')

  const wordless = await uploaded(bob, 'two', 'text/plain')
  const quiet = await bob.post(path, { attachment_ids: [wordless.id] })
  t.match(quiet, { status: 201, body: { body: '', attachments: [{ id: wordless.id }] } })
  const plain = (await alice.post(path, { body: 'no files' })).body
  t.notOk('attachments' in plain)
  await alice.delete(`conversations/${here}/members/${bob.user.id}/`)
  t.equal((await read(bob, `${wordless.id}/`)).status, 404, 'a removed member reads not even what they sent')
  t.strictSame(await service.sparseLines(), [])
})

t.test(
  'nothing is sent with files that are not the sender’s, not there, or of another message',
  async (t) => {
    const here = await room(alice, bob)
    const path = `conversations/${here}/messages/`
    const [hers, his] = [
      await uploaded(alice, 'hers', 'text/plain'),
      await uploaded(bob, 'his', 'text/plain')
    ]
    const head = (await alice.get(`conversations/${here}/`)).body.head
    const invalid = async (attachment_ids: string[]) =>
      (await alice.post(path, { attachment_ids })).body.errors?.[0]?.pointer
    t.equal(await invalid([hers.id, his.id]), '/attachment_ids/1')
    t.equal(await invalid([here]), '/attachment_ids/0')
    t.equal((await alice.post(path, {})).body.errors[0].pointer, '/body')
    t.equal((await alice.post(path, { body: ' ', attachment_ids: [hers.id] })).status, 400)
    t.equal(
      (await eve.post(path, { attachment_ids: [(await uploaded(eve, 'x', 'text/plain')).id] })).status,
      404
    )
    t.equal((await alice.get(`conversations/${here}/`)).body.head, head, 'no number was taken')
    t.equal((await alice.post(path, { attachment_ids: [hers.id] })).status, 201)
    t.equal(await invalid([hers.id]), '/attachment_ids/0')
    const both = await uploaded(alice, 'raced for', 'text/plain')
    const raced = await Promise.all([1, 2, 3].map(() => alice.post(path, { attachment_ids: [both.id] })))
    t.strictSame(
      raced.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 400, 400]
    )
    const kept = await uploaded(alice, 'retried', 'text/plain')
    const retried = await Promise.all(
      [1, 2, 3].map(() => alice.post(path, { attachment_ids: [kept.id], client_id: 'once' }))
    )
    t.strictSame(
      retried.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 200, 201]
    )
    t.equal(new Set(retried.map(({ body }) => body.id)).size, 1)
    t.strictSame(await service.sparseLines(), [])
  }
)

t.test('sends with and without files keep their order', async (t) => {
  const here = await room(alice)
  const path = `conversations/${here}/messages/`
  const file = await uploaded(alice, 'in the middle', 'text/plain')
  const send = { user: alice.user, conversation_id: here }
  const seqs = await Promise.all(
    ['one', 'two', 'three', 'four'].map(async (body, n) => {
      const sent = await service.app.writer.send({
        ...send,
        body,
        ...(n === 1 ? { attachment_ids: [file.id] } : {})
      })
      return sent.replay ? 0 : sent.seq
    })
  )
  t.strictSame(seqs, [2, 3, 4, 5])
  t.equal((await alice.get(path)).body.items[1].attachments.length, 1)
})

t.test('the files of a deleted message are erased, but not those that a copy still shows', async (t) => {
  const [here, there] = [await room(alice, bob), await room(bob)]
  const file = await uploaded(alice, await picture(), 'image/png')
  const { id } = (await alice.post(`conversations/${here}/messages/`, { attachment_ids: [file.id] })).body
  const from = { conversation_id: here, message_id: id }
  const copy = (await bob.post(`conversations/${there}/forwards/`, { from })).body
  t.match(copy, { body: '', attachments: [{ type: 'image/png', width: 40, thumbnail: true }] })
  t.not(copy.attachments[0].id, file.id)
  t.equal((await alice.delete(`conversations/${here}/messages/${id}/`)).status, 204)
  t.equal((await read(bob, `${file.id}/`)).status, 404, 'at once')
  const tombstone = (await bob.get(`conversations/${here}/messages/${id}/`)).body
  t.match(tombstone, { body: null, attachments: undefined })
  t.equal((await read(bob, `${copy.attachments[0].id}/`)).status, 200)
  t.equal((await read(bob, `${copy.attachments[0].id}/thumbnail/`)).status, 200)
  t.equal((await read(alice, `${copy.attachments[0].id}/`)).status, 404)
  await bob.delete(`conversations/${there}/messages/${copy.id}/`)
  await waitUntil(async () => !(await files()).some((name) => name.startsWith(file.id)), {
    message: 'the bytes are gone'
  })
})
