import { createRequire } from 'node:module'
import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import type { Client } from 'pg'
import type { Step } from './control.ts'

const armed = new Map<Step, number>()

export function crashAt(step: Step, passage: number): void {
  armed.set(step, passage)
}

/** Whether this is the passage to crash at. */
function isDue(step: Step): boolean {
  const left = armed.get(step)
  if (left === undefined) return false
  armed.set(step, left - 1)
  return left <= 1
}

function pass(step: Step): void {
  if (isDue(step)) crash()
}

function crash(): void {
  process.kill(process.pid, 'SIGKILL')
  // The signal is there before this returns to what was to happen next.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000)
}

/** Puts the steps around what the services call anyway: queries, answers, writes to sockets. */
export function watchSteps(): void {
  watchQueries()
  watchAnswers()
  watchWrites()
}

const COMMITS = /^\s*commit|send_messages/i
const MARKS = /update\s+"?outbox"?\s+set\s+published\s*=\s*true/i

type Query = (...args: unknown[]) => unknown
type Callback = (error: unknown, result: unknown) => void

/** The services that have a database share one `pg` with this. */
function watchQueries(): void {
  const resolve = createRequire(join(process.cwd(), 'services/conversation-api/package.json'))
  const prototype = (resolve('pg') as { Client: { prototype: Client } }).Client.prototype as unknown as {
    query: Query
  }
  const { query } = prototype
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args
    const sql = typeof first === 'string' ? first : String((first as { text?: string } | null)?.text ?? '')
    if (MARKS.test(sql)) pass('after publish')
    if (!COMMITS.test(sql)) return query.apply(this, args)
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: unknown, result: unknown) => {
        if (!error) pass('after commit')
        ;(callback as Callback)(error, result)
      }
      return query.apply(this, args)
    }
    const result = query.apply(this, args)
    return result instanceof Promise ? result.then(committed) : result
  }
}

function committed(result: unknown): unknown {
  pass('after commit')
  return result
}

function watchAnswers(): void {
  const { end } = ServerResponse.prototype
  ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]) {
    if (this.req.url?.startsWith('/internal/execute')) pass('before answer')
    return (end as Query).apply(this, args) as ServerResponse
  } as typeof end
}

const TEXT_FRAME = 0x81
/** Frames to other sockets in this turn of the event loop. */
let fanned = 0

function watchWrites(): void {
  const { write } = Socket.prototype
  const raw = write as unknown as (this: Socket, ...args: unknown[]) => boolean
  Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
    const [chunk] = args
    if (armed.size > 0 && chunk instanceof Uint8Array) beforeWrite(this, chunk)
    return raw.apply(this, args)
  } as typeof write

  function beforeWrite(socket: Socket, chunk: Uint8Array): void {
    if (chunk[0] === TEXT_FRAME && isAmong()) pass('mid fan-out')
    if (!armed.has('before ack') && !armed.has('mid ringing')) return
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    if (text.includes('$JS.ACK')) pass('before ack')
    if (text.includes('PUB room.') && isDue('mid ringing')) {
      raw.call(socket, chunk.subarray(0, chunk.length / 2))
      crash()
    }
  }
}

/** Not the first of its turn: another socket has it already. */
function isAmong(): boolean {
  if (fanned++ === 0) setImmediate(() => (fanned = 0))
  return fanned > 1
}
