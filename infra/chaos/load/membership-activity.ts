import { bodyOf, RecordingClient } from '@parley/testing'
import { isOfOneRoom, type Person, type Population, type Room } from './population.ts'

/** Removes somebody from a room, or adds somebody to it. Of one person one change at a time is under way. */
export async function changeMembership(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const person = random.pick(population.people)
  if (person === room.owner || room.unsure.has(person) || person.changing) return
  room.unsure.add(person)
  const known = room.members.has(person)
    ? await remove(population, room, person)
    : await add(population, room, person)
  // Where it is not known whether it was done, this person is left alone in this room.
  if (known) room.unsure.delete(person)
}

async function remove(population: Population, room: Room, person: Person): Promise<boolean> {
  const { rest, random } = population
  const by = random.chance(0.25) ? person : room.owner
  room.members.delete(person)
  const outcome = await rest.remove(by.control, room.id, person.account.id)
  if (outcome.type === 'unknown') return false
  if (outcome.type === 'fail') room.members.add(person)
  else await tryFromOutside(population, room, person)
  return true
}

async function add(population: Population, room: Room, person: Person): Promise<boolean> {
  const outcome = await population.rest.add(room.owner.control, room.id, person.account.id)
  if (outcome.type === 'unknown') return false
  if (outcome.type === 'fail') return true
  room.members.add(person)
  for (const member of person.clients) {
    const { kind, rooms, client } = member
    if (kind === 'rooms' && client instanceof RecordingClient && !client.isStopped) client.subscribe(room.id)
    if (!isOfOneRoom(kind) || !rooms.includes(room.id) || !client.isStopped) continue
    person.clients = person.clients.filter((one) => one !== member)
    population.addClient(person, kind, rooms, client)
  }
  return true
}

export async function tryAsOutsider(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const outside = population.people.filter(
    (person) => !room.members.has(person) && !room.unsure.has(person) && !person.changing
  )
  if (outside.length > 0) await tryFromOutside(population, room, random.pick(outside))
}

/** Nothing of this may work, nor tell that there is something. */
async function tryFromOutside({ random, rest }: Population, room: Room, person: Person): Promise<void> {
  const message = room.messages.at(-1)
  if (message) await rest.get(person.control, room.id, message.id)
  const client = person.clients.find(
    ({ client: one }) => one instanceof RecordingClient && !one.isStopped
  )?.client
  if (!(client instanceof RecordingClient)) return
  const body = bodyOf(room.id, person.account.id, random.int(1e9, 2e9))
  await client.mutate(room.id, { type: 'send', body })
  if (message) await client.mutate(room.id, { type: 'delete', message_id: message.id })
}
