import {
  bodyOf,
  NotificationClient,
  type Outcome,
  RecordingClient,
  RoomReader,
  SimpleClient
} from '@parley/testing'
import type { AnyClient, Person, Population, Room } from './population.ts'

const REMEMBERED = 200
const emojis = ['👍', '🎉', '😀', '❤️']

type Speaker = Exclude<AnyClient, RoomReader | NotificationClient>

/** Somebody's connected client in a room it belongs to. */
function someone(population: Population, room: Room): { person: Person; client: Speaker } | undefined {
  const present = [...room.members].filter((person) => !person.changing && !room.unsure.has(person))
  if (present.length === 0) return undefined
  const person = population.random.pick(present)
  const able = person.clients
    .filter(
      ({ kind, rooms }) =>
        kind === 'all' || kind === 'rooms' || kind === 'application' || rooms.includes(room.id)
    )
    .map(({ client }) => client)
    .filter(
      (client): client is Speaker => !(client instanceof RoomReader || client instanceof NotificationClient)
    )
    .filter((client) => !client.isStopped && !client.isPaused)
  return able.length === 0 ? undefined : { person, client: population.random.pick(able) }
}

export async function say(population: Population): Promise<void> {
  await sayIn(population, population.random.pick(population.rooms))
}

export async function sayOverRest({ random, rest, rooms }: Population): Promise<void> {
  const room = random.pick(rooms)
  const present = [...room.members].filter((person) => !person.changing && !room.unsure.has(person))
  if (present.length === 0) return
  const person = random.pick(present)
  const n = ++sentences
  remember(room, person, n, await rest.send(person.control, room.id, bodyOf(room.id, person.account.id, n)))
}

let sentences = 0

export async function sayIn(population: Population, room: Room): Promise<Outcome | undefined> {
  const speaker = someone(population, room)
  if (!speaker) return undefined
  const { person, client } = speaker
  const n = ++sentences
  const body = bodyOf(room.id, person.account.id, n)
  if (client instanceof SimpleClient && !client.isConnected) return undefined
  const outcome =
    client instanceof RecordingClient
      ? await client.mutate(room.id, { type: 'send', body })
      : client instanceof SimpleClient
        ? await client.send(body)
        : await client.send(room.id, body)
  remember(room, person, n, outcome)
  return outcome
}

function remember(room: Room, by: Person, n: number, outcome: Outcome): void {
  if (outcome.type !== 'ok' || outcome.message === undefined) return
  room.messages.push({ id: outcome.message, by, n, version: 0 })
  if (room.messages.length > REMEMBERED) room.messages.shift()
}

export async function edit(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const message = room.messages.length > 0 ? random.pick(room.messages) : undefined
  const client = message && socketOf(message.by, room)
  if (!message || !client) return
  const body = bodyOf(room.id, message.by.account.id, message.n, ++message.version)
  await client.mutate(room.id, { type: 'edit', message_id: message.id, body })
}

export async function erase(population: Population): Promise<void> {
  const { random, rest } = population
  const room = random.pick(population.rooms)
  const message = room.messages.length > 0 ? random.pick(room.messages) : undefined
  if (!message) return
  const client = socketOf(message.by, room)
  if (!client) return
  room.messages = room.messages.filter((one) => one !== message)
  if (random.chance(0.5)) await client.mutate(room.id, { type: 'delete', message_id: message.id })
  else await rest.delete(message.by.control, room.id, message.id)
  await rest.get(random.pick([...room.members]).control, room.id, message.id)
}

export async function react(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const actor = someone(population, room)
  if (!actor || !(actor.client instanceof RecordingClient) || room.messages.length === 0) return
  const type = random.chance(0.7) ? 'react' : 'unreact'
  const { id: message_id } = random.pick(room.messages)
  await actor.client.mutate(room.id, { type, message_id, emoji: random.pick(emojis) })
}

/** Says something and asks for it at once, wherever the request goes. */
export async function readBack(population: Population): Promise<void> {
  const { random, rest } = population
  const room = random.pick(population.rooms)
  const outcome = await sayIn(population, room)
  if (outcome?.type !== 'ok' || outcome.message === undefined) return
  await rest.get(random.pick([...room.members]).control, room.id, outcome.message)
}

export async function type(population: Population): Promise<void> {
  const room = population.random.pick(population.rooms)
  const client = someone(population, room)?.client
  if (client instanceof RecordingClient) client.typing(room.id, population.random.chance(0.5))
}

/** The author's client for this room, if it may speak there. */
function socketOf(person: Person, room: Room): RecordingClient | undefined {
  if (person.changing || !room.members.has(person) || room.unsure.has(person)) return undefined
  const client = person.clients.find(
    ({ kind, client }) => (kind === 'all' || kind === 'rooms') && !client.isStopped
  )?.client
  return client instanceof RecordingClient ? client : undefined
}
