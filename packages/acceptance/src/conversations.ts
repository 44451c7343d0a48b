import { Conversation, Message, MessagePage } from '@parley/contracts'
import type { Person } from './person.ts'
import { bodyOf } from './rest-client.ts'

export const CONVERSATIONS = '/messaging/api/conversations/'

/** Makes a group and returns its id. */
export async function makeRoom(owner: Person, ...others: Person[]): Promise<string> {
  const member_ids = others.map(({ user }) => user.id)
  return bodyOf(await owner.api.post(CONVERSATIONS, { member_ids }), 201, Conversation).id
}

export async function findRoom(person: Person, room: string): Promise<Conversation> {
  return bodyOf(await person.api.get(`${CONVERSATIONS}${room}/`), 200, Conversation)
}

/** Sends over REST; it has to be new. */
export async function say(person: Person, room: string, body: string): Promise<Message> {
  return bodyOf(await person.api.post(`${CONVERSATIONS}${room}/messages/`, { body }), 201, Message)
}

/** Every message of a conversation, ascending. */
export async function historyOf(person: Person, room: string): Promise<Message[]> {
  const all: Message[] = []
  for (let after: string | null = '0'; after !== null; ) {
    const answer = await person.api.get(`${CONVERSATIONS}${room}/messages/?limit=200&after=${after}`)
    const { items, next_cursor } = bodyOf(answer, 200, MessagePage)
    all.push(...items)
    after = next_cursor
  }
  return all
}
