import { connect } from 'node:net'
import { type HostileIds, intolerableFrame, toleratedFrame } from './hostile-frames.ts'
import { handshake } from './raw-web-socket.ts'
import type { SeededRandom } from './seeded-random.ts'
import { clientFrame, opcodes } from './web-socket-frames.ts'

/** How a hostile connection ended. */
export type HostileEnd = 'answered to the last' | 'ended by the server' | 'cut by the client'

export interface HostileReport {
  frames: number
  end: HostileEnd
  /** The codes of the error frames that came back. */
  codes: Record<string, number>
}

const PATIENCE_MS = 20_000

/**
 * Opens a WebSocket, says up to 60 frames that an honest client would not, in TCP segments of any size, and ends it in one of
 * several ways. Rejects where the server neither answers the last of them nor ends the connection.
 */
export async function hostileConnection(
  random: SeededRandom,
  target: { url: string; token: string; ids: HostileIds; frames: number }
): Promise<HostileReport> {
  const frames = Array.from({ length: target.frames }, () => toleratedFrame(random, target.ids))
  const way = random.below(10)
  const fence = Buffer.from(`fence-${random.below(1_000_000_000)}`)
  if (way < 4) frames.push(intolerableFrame(random))
  const cut = way >= 8
  const last = cut ? random.bytes(1) : clientFrame({ opcode: opcodes.ping, payload: fence })
  const report: HostileReport = { frames: frames.length, end: 'answered to the last', codes: {} }
  const greeting = handshake(target.url, { headers: { authorization: `Bearer ${target.token}` } })
  const bytes = Buffer.concat([Buffer.from(greeting), ...frames, last])
  const { hostname, port } = new URL(target.url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await new Promise<void>((resolve, reject) => {
    let tail = Buffer.alloc(0)
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error('the server neither answered the last frame nor ended the connection'))
    }, PATIENCE_MS)
    const done = (end: HostileEnd) => {
      clearTimeout(timer)
      report.end = end
      resolve()
    }
    socket.on('data', (chunk) => {
      countCodes(chunk, report.codes)
      tail = Buffer.concat([tail.subarray(-fence.length), chunk])
      // The pong: the server has read everything that came before.
      if (!tail.includes(fence)) return
      socket.destroy()
      done('answered to the last')
    })
    // A reset is an end like any other; 'close' follows.
    socket.on('error', () => undefined)
    socket.once('close', () => done(cut ? 'cut by the client' : 'ended by the server'))
    socket.once('connect', async () => {
      await writeInSegments(random, bytes, (segment) => socket.writable && socket.write(segment))
      if (!cut) return
      if (random.chance(50)) socket.resetAndDestroy()
      else socket.end()
    })
  })
  return report
}

async function writeInSegments(
  random: SeededRandom,
  bytes: Buffer,
  write: (segment: Buffer) => void
): Promise<void> {
  let at = 0
  for (let segments = random.below(4); segments > 0; segments--) {
    const end = at + random.below(bytes.length - at)
    write(bytes.subarray(at, end))
    at = end
    await new Promise(setImmediate)
  }
  write(bytes.subarray(at))
}

function countCodes(chunk: Buffer, codes: Record<string, number>): void {
  for (const [, code = ''] of chunk.toString('latin1').matchAll(/"code":"(\w+)"/g))
    codes[code] = (codes[code] ?? 0) + 1
}
