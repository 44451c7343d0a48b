import { randomBytes, randomUUID } from 'node:crypto'
import { type Attachment, Conversation, Message } from '@parley/contracts'
import { type Person, signUp } from '../person.ts'
import { bodyOf } from '../rest-client.ts'
import type { Actor } from './actors.ts'

const CONVERSATIONS = '/messaging/api/conversations/'

/** A conversation with every insider in it, and the ids that paths and frames need. */
export interface Room {
  conversation_id: string
  /** The author's. */
  message_id: string
  /** Of the author's message. */
  attachment_id?: string
  /** What the removed member wrote. */
  removed_message_id: string
  /** A member whom nothing else is said of. */
  user_id: string
  /** Someone who is not in it yet. */
  newcomer_id: string
}

/** One person for each kind of caller, and conversations with them. */
export interface World {
  readonly url: string
  readonly people: Record<Exclude<Actor, 'anonymous'>, Person>
  readonly bystander: Person
  /** In no room. */
  readonly newcomer: Person
  /** Stands in the titles and messages of all rooms, and nowhere else. */
  readonly canary: string
  /** With those in it, as members, whose sessions are going to end. */
  readonly room: Room
  makeRoom(): Promise<Room>
}

/**
 * Signs everyone up. All sessions are still good: ending those of the strangers is up to the caller.
 *
 * @example
 * const world = await makeWorld(parley.url)
 * const headers = headersOf(world, 'admin')
 */
export async function makeWorld(url: string): Promise<World> {
  const names = [
    'disabled',
    'expired',
    'logged_out',
    'outsider',
    'removed',
    'member',
    'author',
    'admin',
    'owner'
  ] as const
  const entries = await Promise.all(
    names.map(async (name) => [name, await signUp(url, name.replace('_', '-'))] as const)
  )
  const people = Object.fromEntries(entries) as World['people']
  const [bystander, newcomer] = await Promise.all([signUp(url, 'bystander'), signUp(url, 'newcomer')])
  const canary = `canary${randomBytes(8).toString('hex')}`
  const make = (more: Person[]) => makeRoom(url, people, { bystander, newcomer, more, canary })
  const room = await make([people.disabled, people.expired, people.logged_out])
  return { url, people, bystander, newcomer, canary, room, makeRoom: () => make([]) }
}

/** How this caller says who it is. */
export function headersOf({ people }: World, actor: Actor): Record<string, string> {
  return actor === 'anonymous' ? {} : { authorization: `Bearer ${people[actor].token}` }
}

/** Ids of nothing, in the shape of a room. */
export function absentRoom(room: Room): Room {
  const conversation_id = randomUUID()
  const message_ids = { message_id: randomUUID(), removed_message_id: randomUUID() }
  return { ...room, conversation_id, ...message_ids, attachment_id: randomUUID() }
}

async function makeRoom(
  url: string,
  { removed, member, author, admin, owner }: World['people'],
  guests: { bystander: Person; newcomer: Person; more: Person[]; canary: string }
): Promise<Room> {
  const { bystander, newcomer, more, canary } = guests
  const members = [removed, member, author, admin, bystander, ...more]
  const member_ids = members.map(({ user }) => user.id)
  const made = await owner.api.post(CONVERSATIONS, { title: `title ${canary}`, member_ids })
  const { id: conversation_id } = bodyOf(made, 201, Conversation)
  const path = `${CONVERSATIONS}${conversation_id}/`
  const say = async (who: Person, files = {}) =>
    bodyOf(await who.api.post(`${path}messages/`, { body: `said ${canary}`, ...files }), 201, Message).id
  const removed_message_id = await say(removed)
  const attachment_id = await uploadPicture(url, author)
  const message_id = await say(author, { attachment_ids: [attachment_id] })
  await owner.api.ask('PATCH', `${path}members/${admin.user.id}/`, { role: 'admin' })
  await owner.api.delete(`${path}members/${removed.user.id}/`)
  const ids = { user_id: bystander.user.id, newcomer_id: newcomer.user.id }
  return { conversation_id, message_id, attachment_id, removed_message_id, ...ids }
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

async function uploadPicture(url: string, { token }: Person): Promise<string> {
  const answer = await fetch(`${url}/messaging/api/attachments/?name=a.png`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: Buffer.from(PNG, 'base64')
  })
  return ((await answer.json()) as Attachment).id
}
