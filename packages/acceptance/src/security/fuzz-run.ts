import { randomUUID } from 'node:crypto'
import { waitUntil } from '@parley/testing'
import { makeRoom, say } from '../conversations.ts'
import { type Person, signUp } from '../person.ts'
import { hostileConnection } from './hostile-connection.ts'
import type { HostileIds } from './hostile-frames.ts'
import { type NeighbourFigures, startNeighbours } from './neighbour.ts'
import { openDescriptors, residentBytes } from './process-figures.ts'
import { seededRandom } from './seeded-random.ts'

export interface FuzzOptions {
  url: string
  /** Of the server. */
  pid: number
  /** How many hostile frames to send. */
  frames: number
  seed: number
  /** Told now and then how many were sent. */
  progress?: (frames: number) => void
}

export interface FuzzFigures {
  seed: number
  frames: number
  connections: number
  /** Connections by how they ended. */
  ends: Record<string, number>
  /** Error frames that came back, by code. */
  codes: Record<string, number>
  seconds: number
  /** People who talked all the while. */
  neighbours: NeighbourFigures
  /** Of the server, in bytes: once it was warm, at most, and at the end. */
  resident: { warm: number; most: number; end: number }
  descriptors: { warm: number; end: number }
}

const AT_ONCE = 8
const MOST_FRAMES = 60
const HOSTILE_PEOPLE = 4
/** The share of all frames after which the server counts as warm. */
const WARM_SHARE = 0.1

/**
 * Sends a server so many hostile frames, over connections of up to 60, eight at a time, while two people talk. Rejects when the
 * server leaves a connection without an answer or an end, when a neighbour's message is lost, or when the process ends.
 *
 * @example
 * const figures = await fuzz({ url, pid, frames: 20_000, seed: 1 })
 */
export async function fuzz({ url, pid, frames, seed, progress }: FuzzOptions): Promise<FuzzFigures> {
  const random = seededRandom(seed)
  const { tokens, ids } = await hostilePeople(url)
  const neighbours = await startNeighbours(url)
  const ends: Record<string, number> = {}
  const codes: Record<string, number> = {}
  const begin = performance.now()
  let sent = 0
  let connections = 0
  let most = 0

  const attack = async (until: number) => {
    while (sent < until) {
      const count = Math.min(1 + random.below(MOST_FRAMES), until - sent)
      sent += count
      const seedOfOne = random.below(2 ** 32)
      const target = { url, ids, frames: count, token: random.pick(tokens) }
      const report = await hostileConnection(seededRandom(seedOfOne), target).catch((cause) => {
        throw new Error(`a connection of ${count} frames with seed ${seedOfOne}`, { cause })
      })
      connections++
      ends[report.end] = (ends[report.end] ?? 0) + 1
      for (const [code, times] of Object.entries(report.codes)) codes[code] = (codes[code] ?? 0) + times
      if (connections % 50 === 0) most = Math.max(most, await residentBytes(pid))
      if (connections % 500 === 0) progress?.(sent)
    }
  }
  const attackTogether = (until: number) => Promise.all(Array.from({ length: AT_ONCE }, () => attack(until)))

  await attackTogether(Math.ceil(frames * WARM_SHARE))
  const warm = { resident: await residentBytes(pid), descriptors: await openDescriptors(pid) }
  await attackTogether(frames)
  const seconds = (performance.now() - begin) / 1000
  const end = await settled(pid, warm.descriptors)
  return {
    seed,
    frames: sent,
    connections,
    ends,
    codes,
    seconds: Math.round(seconds * 10) / 10,
    neighbours: await neighbours.stop(),
    resident: { warm: warm.resident, most: Math.max(most, end.resident), end: end.resident },
    descriptors: { warm: warm.descriptors, end: end.descriptors }
  }
}

/** People with accounts, a conversation of theirs, one that they cannot see, and one that is not there. */
async function hostilePeople(url: string): Promise<{ tokens: [string, ...string[]]; ids: HostileIds }> {
  const [first, ...others] = (await Promise.all(
    Array.from({ length: HOSTILE_PEOPLE }, () => signUp(url, 'hostile'))
  )) as [Person, ...Person[]]
  const stranger = await signUp(url, 'stranger')
  const ours = await makeRoom(first, ...others)
  const theirs = await makeRoom(stranger)
  const [mine, notMine] = [await say(first, ours, 'ours'), await say(stranger, theirs, 'theirs')]
  return {
    tokens: [first.token, ...others.map(({ token }) => token)],
    ids: {
      conversations: [ours, ours, theirs, randomUUID()],
      messages: [mine.id, notMine.id, randomUUID()]
    }
  }
}

/** Once its connections are gone. */
async function settled(pid: number, descriptors: number): Promise<{ resident: number; descriptors: number }> {
  await waitUntil(async () => (await openDescriptors(pid)) <= descriptors, {
    message: 'the connections are gone',
    timeout_ms: 15_000,
    interval_ms: 100
  })
  return { resident: await residentBytes(pid), descriptors: await openDescriptors(pid) }
}
