import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome, SignedInSession } from '@parley/testing'
import { isOfOneRoom, type Member, type Person, type Population } from './population.ts'

/** A server that is to close the sockets of an ended session is given so long before they are closed from here. */
const LINGER_MS = 20_000
const DISABLED_MS = 1_000

/** Signs somebody's clients out in one of the ways there are, sees that the token is worth nothing, and signs in again. */
export async function replaceSession(population: Population): Promise<void> {
  await whileChanging(population, async (person) => {
    const { random, rest } = population
    const old = person.main
    const end = random.pick([
      () => rest.logout(old),
      () => rest.revoke(person.control, old.id),
      () => changePassword(population, person)
    ])
    await tryEnded(population, person, await end())
    person.main = await signIn(population, person)
  })
}

/** An operator shuts somebody's account, which ends all its sessions, and opens it again. */
export async function shutOut(population: Population): Promise<void> {
  const { operate, log } = population
  if (!operate) return
  await whileChanging(population, async (person) => {
    const { id: user, username } = person.account
    const op = log.nextOperation()
    log.record({ type: 'invoked', op, kind: 'disable', user: 'operator', subject: user, via: 'rest' })
    const done = await operate('disable', username)
    log.record({ type: done ? 'ok' : 'unknown', op })
    if (done) await tryEnded(population, person, { type: 'ok', outcome: 'ok' })
    await delay(DISABLED_MS)
    while (!(await operate('enable', username))) await delay(DISABLED_MS)
    person.main = await signIn(population, person)
    person.control = await signIn(population, person)
  })
}

/** Of one person one change at a time is under way, and it does nothing else meanwhile. */
async function whileChanging(
  population: Population,
  change: (person: Person) => Promise<void>
): Promise<void> {
  const person = population.random.pick(population.people)
  if (person.changing) return
  person.changing = true
  try {
    await change(person)
    renew(population, person)
  } finally {
    person.changing = false
  }
}

let passwords = 0

async function changePassword({ rest }: Population, person: Person): Promise<Outcome> {
  const { account, control } = person
  const password = `another horse ${++passwords}`
  const outcome = await rest.changePassword(control, account.password, password)
  if (outcome.type === 'ok') account.password = password
  else if (outcome.type === 'unknown') person.otherPassword = password
  return outcome
}

/** With the password that opens the door: a change of which nobody knows may still be on its way. */
async function signIn({ rest }: Population, person: Person): Promise<SignedInSession> {
  const { account, otherPassword } = person
  if (otherPassword !== undefined && (await rest.opens(account, otherPassword))) {
    account.password = otherPassword
    person.otherPassword = undefined
  }
  try {
    return await rest.login(account)
  } catch (error) {
    if (person.otherPassword === undefined) throw error
    account.password = person.otherPassword
    return await rest.login(account)
  }
}

async function tryEnded({ rest, rooms }: Population, person: Person, outcome: Outcome): Promise<void> {
  const room = rooms.find(({ messages }) => messages.length > 0)
  const message = room?.messages.at(-1)
  if (outcome.type === 'ok' && room && message) await rest.get(person.main, room.id, message.id)
}

function renew(population: Population, person: Person): void {
  const before = person.clients
  person.clients = []
  for (const { kind, rooms, client } of before) {
    const mine = rooms.filter((id) =>
      population.rooms.some((room) => room.id === id && room.members.has(person))
    )
    if (!isOfOneRoom(kind) || mine.length > 0)
      population.addClient(person, kind, isOfOneRoom(kind) ? mine : rooms, client)
  }
  void stopLater(before)
}

async function stopLater(members: readonly Member[]): Promise<void> {
  await delay(LINGER_MS, undefined, { ref: false })
  await Promise.all(members.map(({ client }) => client.stop()))
}
