import { setTimeout as delay } from 'node:timers/promises'
import type { Member, Person, Population } from './population.ts'

/** A server that is to close the sockets of an ended session is given so long before they are closed from here. */
const LINGER_MS = 20_000

/** Signs somebody's clients out, by themselves or from another device, sees that the token is worth nothing, and signs in again. */
export async function replaceSession(population: Population): Promise<void> {
  const { random, rest } = population
  const person = random.pick(population.people)
  if (person.changing) return
  person.changing = true
  try {
    const old = person.main
    const outcome = random.chance(0.5) ? await rest.logout(old) : await rest.revoke(person.control, old.id)
    const message = population.rooms.flatMap(({ id, messages }) =>
      messages.slice(-1).map((last) => ({ id, last }))
    )[0]
    if (outcome.type === 'ok' && message) await rest.get(old, message.id, message.last.id)
    person.main = await rest.login(person.account)
    renew(population, person)
  } finally {
    person.changing = false
  }
}

function renew(population: Population, person: Person): void {
  const before = person.clients
  person.clients = []
  for (const { kind, rooms, client } of before) {
    const mine = rooms.filter((id) =>
      population.rooms.some((room) => room.id === id && room.members.has(person))
    )
    const oneRoom = kind === 'chat' || kind === 'simple'
    if (!oneRoom || mine.length > 0) population.addClient(person, kind, oneRoom ? mine : rooms, client)
  }
  void stopLater(before)
}

async function stopLater(members: readonly Member[]): Promise<void> {
  await delay(LINGER_MS, undefined, { ref: false })
  await Promise.all(members.map(({ client }) => client.stop()))
}
