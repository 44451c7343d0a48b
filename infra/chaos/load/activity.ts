import { bodyOf, type Outcome, RecordingClient, SimpleClient } from '@parley/testing'
import type { Random } from '../random.ts'
import { changeMembership, tryAsOutsider } from './membership-activity.ts'
import type { Person, Population, Room } from './population.ts'
import { replaceSession } from './session-activity.ts'

const OUTSTANDING_MAX = 500
const TICK_MS = 10
const REMEMBERED = 200
const emojis = ['👍', '🎉', '😀', '❤️']

type Action = (population: Population) => Promise<unknown>

/** What people do, and how often, in parts of a hundred. */
const actions: [parts: number, action: Action][] = [
  [76, say],
  [5, edit],
  [4, erase],
  [5, react],
  [3, readBack],
  [3, type],
  [2.5, changeMembership],
  [1.2, tryAsOutsider],
  [0.3, replaceSession]
]
const whole = actions.reduce((sum, [parts]) => sum + parts, 0)

/** Does `rate` things a second, on schedule whether or not earlier ones are answered; too many unanswered ones put off new ones. */
export class Activity {
  readonly #population: Population
  readonly #random: Random
  readonly #rate: number
  readonly #outstanding = new Set<Promise<unknown>>()
  readonly errors: unknown[] = []
  #timer: NodeJS.Timeout | undefined
  #due = 0

  constructor(population: Population, rate: number) {
    this.#population = population
    this.#random = population.random
    this.#rate = rate
  }

  start(): void {
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      // After a stall of this process the load goes on, it does not catch up.
      this.#due += Math.min((now - last) / 1_000, 0.2) * this.#rate
      last = now
      for (; this.#due >= 1; this.#due--) this.#act()
    }, TICK_MS)
  }

  #act(): void {
    if (this.#outstanding.size >= OUTSTANDING_MAX) return
    const work = choose(this.#random)(this.#population).catch((error: unknown) => this.errors.push(error))
    this.#outstanding.add(work)
    void work.finally(() => this.#outstanding.delete(work))
  }

  /** Nothing new is done; resolves when everything is answered or given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    while (this.#outstanding.size > 0) await Promise.all(this.#outstanding)
  }
}

function choose(random: Random): Action {
  let point = random.next() * whole
  for (const [parts, action] of actions) {
    point -= parts
    if (point < 0) return action
  }
  return say
}

/** Somebody's connected client in a room it belongs to. */
function someone(
  population: Population,
  room: Room
): { person: Person; client: RecordingClient | SimpleClient } | undefined {
  const present = [...room.members].filter((person) => !person.changing && !room.unsure.has(person))
  if (present.length === 0) return undefined
  const person = population.random.pick(present)
  const able = person.clients.filter(
    ({ client, kind, rooms }) =>
      !client.isStopped && !client.isPaused && (kind === 'all' || kind === 'rooms' || rooms.includes(room.id))
  )
  return able.length === 0 ? undefined : { person, client: population.random.pick(able).client }
}

async function say(population: Population): Promise<void> {
  await sayIn(population, population.random.pick(population.rooms))
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
    client instanceof SimpleClient
      ? await client.send(body)
      : await client.mutate(room.id, { type: 'send', body })
  if (outcome.type === 'ok' && outcome.message !== undefined) {
    room.messages.push({ id: outcome.message, by: person, n, version: 0 })
    if (room.messages.length > REMEMBERED) room.messages.shift()
  }
  return outcome
}

async function edit(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const message = room.messages.length > 0 ? random.pick(room.messages) : undefined
  const client = message && socketOf(message.by, room)
  if (!message || !client) return
  const body = bodyOf(room.id, message.by.account.id, message.n, ++message.version)
  await client.mutate(room.id, { type: 'edit', message_id: message.id, body })
}

async function erase(population: Population): Promise<void> {
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

async function react(population: Population): Promise<void> {
  const { random } = population
  const room = random.pick(population.rooms)
  const actor = someone(population, room)
  if (!actor || !(actor.client instanceof RecordingClient) || room.messages.length === 0) return
  const type = random.chance(0.7) ? 'react' : 'unreact'
  const { id: message_id } = random.pick(room.messages)
  await actor.client.mutate(room.id, { type, message_id, emoji: random.pick(emojis) })
}

/** Says something and asks for it at once, wherever the request goes. */
async function readBack(population: Population): Promise<void> {
  const { random, rest } = population
  const room = random.pick(population.rooms)
  const outcome = await sayIn(population, room)
  if (outcome?.type !== 'ok' || outcome.message === undefined) return
  await rest.get(random.pick([...room.members]).control, room.id, outcome.message)
}

async function type(population: Population): Promise<void> {
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
