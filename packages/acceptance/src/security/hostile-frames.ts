import { clientFrames, limits } from '@parley/contracts'
import type { SeededRandom } from './seeded-random.ts'
import { clientFrame, opcodes, textFrame } from './web-socket-frames.ts'

/** Ids that frames are about: one's own, someone else's, nobody's. */
export interface HostileIds {
  conversations: readonly [string, ...string[]]
  messages: readonly [string, ...string[]]
}

const types = Object.keys(clientFrames) as [keyof typeof clientFrames]
const long = 'x'.repeat(17_000)
/** Noise may be the beginning of a frame: this completes whatever it is, and goes on as none. */
const filler = Buffer.alloc(limits.frame_bytes + 100)
const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`

/** One frame, seldom a good one, after which the connection may go on. */
export function toleratedFrame(random: SeededRandom, ids: HostileIds): Buffer {
  const kind = random.below(100)
  if (kind < 20) return textFrame(goodFrame(random, ids))
  if (kind < 65) return textFrame(mutated(random, goodFrame(random, ids)))
  if (kind < 80) return textFrame(brokenText(random, JSON.stringify(goodFrame(random, ids))))
  if (kind < 88) return inPieces(random, JSON.stringify(mutated(random, goodFrame(random, ids))))
  const opcode = random.pick([opcodes.ping, opcodes.pong])
  return clientFrame({ opcode, payload: random.bytes(random.below(126)) })
}

/** A frame that nobody has to put up with. */
export function intolerableFrame(random: SeededRandom): Buffer {
  const makers: [() => Buffer, ...(() => Buffer)[]] = [
    () => clientFrame({ rsv: 1 + random.below(7), payload: '{}' }),
    () => clientFrame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
    () => clientFrame({ payload: '{}', masked: false }),
    () => clientFrame({ opcode: opcodes.binary, payload: random.bytes(20) }),
    () => clientFrame({ payload: Buffer.concat([Buffer.from([0xff]), random.bytes(20)]) }),
    () => clientFrame({ payload: 'x'.repeat(limits.frame_bytes + 1 + random.below(1_000)) }),
    () => clientFrame({ payload: random.bytes(10), claims: random.pick([-1, 2 ** 40, 2 ** 31, 70_000]) }),
    () => clientFrame({ opcode: opcodes.continuation, payload: '{}' }),
    () => clientFrame({ opcode: opcodes.ping, fin: false }),
    () => clientFrame({ opcode: opcodes.ping, payload: random.bytes(200) }),
    () => clientFrame({ opcode: opcodes.close, payload: random.bytes(random.below(126)) }),
    () => Buffer.concat([clientFrame({ fin: false, payload: '{' }), textFrame('{}')]),
    () => tooManyPieces(),
    () => Buffer.concat([random.bytes(1 + random.below(400)), filler]),
    () => Buffer.concat([Buffer.alloc(2_000, random.below(256)), filler])
  ]
  return random.pick(makers)()
}

function goodFrame(random: SeededRandom, { conversations, messages }: HostileIds): Record<string, unknown> {
  const type = random.pick(types)
  const values: Record<string, unknown> = {
    type,
    ref: random.below(1_000),
    conversation_id: random.pick(conversations),
    message_id: random.pick(messages),
    client_id: `hostile-${random.below(1_000)}`,
    body: `hostile ${random.below(1_000)}`,
    emoji: random.pick(['👍', '🎉', ':-)']),
    seq: random.below(100),
    // Never from the beginning: what is measured is the server, not how much it has to replay.
    since: 1_000_000_000 + random.below(10),
    on: random.chance(50),
    status: 'away',
    reply_to_id: random.pick(messages),
    user_id: random.pick(messages),
    role: random.pick(['member', 'admin', 'owner']),
    title: 'hostile'
  }
  const fields = Object.keys(clientFrames[type].properties).filter((name) => values[name] !== undefined)
  return Object.fromEntries(fields.map((name) => [name, values[name]]))
}

/** One field gone, of another type, or too many. */
function mutated(random: SeededRandom, frame: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(frame) as [string]
  const name = random.pick(names)
  const values: [unknown, ...unknown[]] = [
    undefined,
    null,
    true,
    -1,
    1.5,
    Number.MAX_SAFE_INTEGER,
    '',
    ' ',
    long,
    '\u0000',
    '\ud800',
    '\u202e',
    [],
    [frame[name]],
    {},
    { toString: 1 },
    'constructor',
    '__proto__',
    `${String(frame[name])}'; drop table messages; --`
  ]
  return random.chance(15)
    ? { ...frame, [random.pick(['more', 'constructor', 'toString', 'body'])]: 1 }
    : { ...frame, [name]: random.pick(values) }
}

/** JSON that is none any more, or says more than it seems to. */
function brokenText(random: SeededRandom, text: string): string {
  const at = random.below(text.length)
  const makers: [() => string, ...(() => string)[]] = [
    () => text.slice(0, at),
    () => text.slice(at),
    () => text.slice(0, at) + random.pick(['"', '\\', '{', ']', '\u0007', 'é', '💥']) + text.slice(at),
    () => text + text,
    () => `[${text}]`,
    () => `${text.slice(0, -1)},"__proto__":{"type":"send"}}`,
    () => `${text.slice(0, -1)},"type":"send"}`,
    () => `${text.slice(0, -1)},"deep":${deep}}`,
    () => deep,
    () => ' '.repeat(at) + text,
    () => '',
    () => String(at)
  ]
  return random.pick(makers)()
}

/** Fragments as RFC 6455 allows them, with a ping in between. */
function inPieces(random: SeededRandom, text: string): Buffer {
  const bytes = Buffer.from(text)
  const cut = random.below(bytes.length)
  return Buffer.concat([
    clientFrame({ fin: false, payload: bytes.subarray(0, cut) }),
    clientFrame({ opcode: opcodes.ping, payload: 'between' }),
    clientFrame({ opcode: opcodes.continuation, payload: bytes.subarray(cut) })
  ])
}

function tooManyPieces(): Buffer {
  const piece = clientFrame({ opcode: opcodes.continuation, fin: false, payload: ' ' })
  const begin = clientFrame({ fin: false, payload: '{' })
  return Buffer.concat([begin, ...Array.from({ length: limits.frame_fragments + 10 }, () => piece)])
}
