import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

/**
 * A WebSocket client that reads the answer to its upgrade, and then nothing more: what is written to it piles up.
 *
 * @example
 * const stalled = await stallSocket(port, dialects.parley.request(member))
 * stalled.destroy()
 */
export async function stallSocket(
  port: number,
  { path, headers }: { path: string; headers: readonly string[] }
): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.pause()
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error('the upgrade was refused')
  return socket
}
