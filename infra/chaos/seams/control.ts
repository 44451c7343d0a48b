import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The steps of a message's way at which a service can be made to crash. */
export type Step =
  /** conversation-api: the database has committed, nobody has been told. */
  | 'after commit'
  /** conversation-api: the broker has the event, the outbox does not know it yet. */
  | 'after publish'
  /** conversation-api: everything is done, the gateway has no answer yet. */
  | 'before answer'
  /** notifier: the rooms were rung, the stream has no acknowledgement yet. */
  | 'before ack'
  /** notifier: half of what it tells the rooms is out. */
  | 'mid ringing'
  /** realtime-gateway: some of a room's sockets have the frame. */
  | 'mid fan-out'

export type Order = { type: 'crash'; step: Step; passage: number } | { type: 'memory' }

export interface Memory {
  /** What is left after a collection. */
  heap_bytes: number
  rss_bytes: number
}

const ANSWER_MS = 5_000

export function socketOf(folder: string, pid: number): string {
  return join(folder, `${pid}.sock`)
}

/** Kills the process by its own hand when it comes to the step for the `passage`th time from now. */
export async function orderCrash(folder: string, pid: number, step: Step, passage: number): Promise<void> {
  await order(folder, pid, { type: 'crash', step, passage })
}

export async function askMemory(folder: string, pid: number): Promise<Memory> {
  return JSON.parse(await order(folder, pid, { type: 'memory' })) as Memory
}

async function order(folder: string, pid: number, what: Order): Promise<string> {
  const socket = connect(socketOf(folder, pid))
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('the seam does not answer')))
  await once(socket, 'connect')
  socket.write(JSON.stringify(what))
  return await text(socket)
}
