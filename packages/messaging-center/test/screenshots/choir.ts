import { Attachment, Conversation, Message, SignedIn, Token } from '@parley/contracts'
import { bodyOf, CONVERSATIONS, RestClient } from '@parley/acceptance'

/** Today, to everyone in the pictures. */
export const NOW = '2026-03-12T14:40:00.000Z'
const TODAY = '2026-03-12'
const YESTERDAY = '2026-03-11'

const names = {
  nora: 'Nora Lindqvist',
  tom: 'Tom Okafor',
  mia: 'Mia Castellanos',
  jonas: 'Jonas Weber',
  priya: 'Priya Raman',
  sami: 'Sami Haddad'
}
export type Name = keyof typeof names
const everyone = Object.keys(names) as Name[]

export const PASSWORD = 'the choir of the old harbour'

export interface Singer {
  id: string
  token: string
  api: RestClient
}

export interface Choir {
  people: Record<Name, Singer>
  concert: string
  /** The message that has a thread. */
  root: string
  /** What stands for each id in the pictures, and when each message was said. */
  ids: Map<string, string>
  times: Map<string, string>
}

/** A choir before its concert: people, groups, and what they say, by the calls that everyone has. */
export async function foundChoir(url: string, poster: Buffer): Promise<Choir> {
  const people = {} as Record<Name, Singer>
  for (const name of everyone) people[name] = await join(url, name)
  const ids = new Map(everyone.map((name, n) => [people[name].id, fixedId(0x10 + n * 7)]))
  const times = new Map<string, string>()

  const found = async (by: Name, wish: object, members: Name[]): Promise<string> => {
    const member_ids = members.map((name) => people[name].id)
    const answer = await people[by].api.post(CONVERSATIONS, { ...wish, member_ids })
    const { id } = bodyOf(answer, 201, Conversation)
    ids.set(id, fixedId(0x200 + ids.size * 5))
    return id
  }
  const say = async (room: string, by: Name, at: string, what: string | object): Promise<string> => {
    const content = typeof what === 'string' ? { body: what } : what
    const answer = await people[by].api.post(`${CONVERSATIONS}${room}/messages/`, content)
    const { id } = bodyOf(answer, 201, Message)
    ids.set(id, fixedId(0x1000 + ids.size))
    times.set(id, `${at.startsWith('!') ? YESTERDAY : TODAY}T${at.replace('!', '')}:00.000Z`)
    return id
  }
  const about = (room: string, id: string) => `${CONVERSATIONS}${room}/messages/${id}/`
  const react = async (room: string, id: string, emoji: string, ...by: Name[]) => {
    for (const name of by)
      await people[name].api.ask('PUT', `${about(room, id)}reactions/${encodeURIComponent(emoji)}/`)
  }

  const others = everyone.filter((name) => name !== 'nora')
  const boathouse = await found('sami', { title: 'Old boathouse' }, ['nora', 'jonas'])
  await say(boathouse, 'sami', '!16:20', 'The roof is dry again. Who has the ladder?')
  const priya = await found('priya', { kind: 'direct' }, ['nora'])
  await say(priya, 'priya', '!19:44', 'Are you coming with me on Saturday?')
  const garden = await found('mia', { title: 'Kitchen garden' }, ['nora', 'jonas', 'priya'])
  await say(garden, 'nora', '09:10', 'The first radishes are up 🌱')
  const board = await found('tom', { title: 'Choir board' }, ['nora', 'priya'])
  const tom = await found('tom', { kind: 'direct' }, ['nora'])
  await say(tom, 'tom', '11:02', 'Thank you for yesterday evening!')
  await say(tom, 'nora', '11:05', 'It was lovely. Greet the little one from me')
  const concert = await found(
    'nora',
    { title: 'Spring concert', description: 'St. Olav’s, 21 March' },
    others
  )

  await say(concert, 'jonas', '!18:02', 'The printer says the posters are ready on Friday.')
  await say(concert, 'priya', '!18:05', 'Wonderful, I can fetch them after work.')
  await say(
    concert,
    'tom',
    '13:12',
    'Hello all! The running order as it stands:\n\n1. *Fiskeskär*, strings only\n2. Two madrigals, without a break\n3. *The Lark*, with the children'
  )
  const file = await upload(url, people.mia, 'poster.png', poster)
  const picture = await say(concert, 'mia', '13:20', {
    body: 'And the poster, hot off the press',
    attachment_ids: [file]
  })
  await react(concert, picture, '❤️', 'tom', 'jonas', 'priya', 'nora')
  await react(concert, picture, '🎉', 'jonas', 'sami')
  await say(concert, 'nora', '13:24', {
    body: 'It is beautiful. Could the date be a little larger?',
    reply_to_id: picture
  })
  await say(concert, 'mia', '13:31', 'Done: https://files.example.org/poster-v4.pdf')
  const root = await say(concert, 'tom', '14:02', 'Rehearsal on Saturday: the hall, or the church?')
  for (const [by, at, body] of [
    ['priya', '14:05', 'The church! We have to hear how the madrigals sound there.'],
    ['jonas', '14:09', 'It is *cold* in there. But yes.'],
    ['nora', '14:12', 'I ask the parish whether they heat it for us.'],
    ['tom', '14:20', 'They do, from two o’clock on 👏']
  ] as const)
    await say(concert, by, at, { body, thread_id: root })
  await people.tom.api.ask('PUT', `${about(concert, root)}pin/`)
  await say(concert, 'priya', '14:31', '@nora can you bring the music stands?')
  const last = await say(concert, 'nora', '14:33', 'Yes, all twelve of them.')
  await react(concert, last, '🙏', 'priya')
  await say(board, 'priya', '14:35', '@nora the budget is in the folder, please have a look')
  await say(garden, 'jonas', '14:36', 'Shall I bring straw tomorrow?')
  await say(garden, 'mia', '14:38', 'Yes please, two bales')

  const put = (path: string, body: object) => people.nora.api.ask('PUT', path, body)
  await put(`${CONVERSATIONS}${boathouse}/mute/`, { keep: 'nothing' })
  for (const name of ['tom', 'mia', 'jonas', 'priya'] as const)
    await people[name].api.post(`${CONVERSATIONS}${concert}/read/`, { seq: 1_000 })
  for (const room of [concert, boathouse, priya, tom])
    await people.nora.api.post(`${CONVERSATIONS}${room}/read/`, { seq: 1_000 })
  return { people, concert, root, ids, times }
}

async function join(url: string, username: Name): Promise<Singer> {
  const anyone = new RestClient(url)
  const account = { username, password: PASSWORD, display_name: names[username] }
  const { user } = bodyOf(await anyone.post('/messaging/api/auth/register/', account), 201, SignedIn)
  const credentials = { username, password: PASSWORD }
  const { token } = bodyOf(await anyone.post('/messaging/api/auth/token/', credentials), 200, Token)
  return { id: user.id, token, api: new RestClient(url, { authorization: `Bearer ${token}` }) }
}

async function upload(url: string, { token }: Singer, name: string, body: Buffer): Promise<string> {
  const response = await fetch(`${url}/messaging/api/attachments/?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: new Uint8Array(body)
  })
  const answer = { request: 'upload', status: response.status, headers: response.headers }
  return bodyOf({ ...answer, body: await response.json() }, 201, Attachment).id
}

/** Colours go by ids. */
const fixedId = (n: number) => `019ce000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
