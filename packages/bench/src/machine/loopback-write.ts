import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

const SOCKETS = 50
const WRITES = 200
const BYTES = 200

/**
 * What one write of 200 bytes to a loopback socket costs here, in microseconds: the system call and nothing else, the lowest of ten
 * passes. It is the floor under everything that a gateway or a peer sends, and what makes figures of two machines comparable.
 *
 * @example
 * console.log(await loopbackWriteMicros()) // 3.3 where the targets were set
 */
export async function loopbackWriteMicros(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const passes: number[] = []
  try {
    for (let pass = 0; pass < 10; pass++) passes.push(await onePass(port))
  } finally {
    server.close()
  }
  return Math.min(...passes)
}

async function onePass(port: number): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => dial(port)))
  const bytes = Buffer.alloc(BYTES)
  const files = sockets.map(fileOf)
  const began = performance.now()
  for (let write = 0; write < WRITES; write++) for (const file of files) writeSync(file, bytes)
  const elapsed_ms = performance.now() - began
  for (const socket of sockets) socket.destroy()
  return (elapsed_ms * 1_000) / (SOCKETS * WRITES)
}

async function dial(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** Node has no public way to a socket's descriptor. */
function fileOf(socket: Socket): number {
  const { _handle } = socket as unknown as { _handle?: { fd?: number } }
  if (_handle?.fd === undefined) throw new Error('the socket has no descriptor')
  return _handle.fd
}
