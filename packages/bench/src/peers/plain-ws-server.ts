// A chat server as most people write it on ws: a set of sockets per room, one `JSON.stringify` and one `send` each. With
// DATABASE_URL every message is stored before it is passed on.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { WebSocket, WebSocketServer } from 'ws'

const { PORT, DATABASE_URL } = process.env
const rooms = new Map<string, Set<WebSocket>>()
const pool = DATABASE_URL === undefined ? undefined : new pg.Pool({ connectionString: DATABASE_URL, max: 20 })

await pool?.query(`
  create table messages (
    id uuid primary key, room text not null, sender text not null, body text not null, created_at timestamptz not null
  );
  create index on messages (room, created_at)`)

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(PORT), perMessageDeflate: false })

server.on('connection', (socket, request) => {
  const room = request.url?.slice(1) ?? ''
  const sender = randomUUID()
  const sockets = rooms.get(room) ?? new Set()
  rooms.set(room, sockets.add(socket))
  socket.on('close', () => sockets.delete(socket))
  socket.on('message', (data: Buffer) => void receive(socket, sockets, { room, sender, data }))
})

async function receive(
  socket: WebSocket,
  sockets: Set<WebSocket>,
  { room, sender, data }: { room: string; sender: string; data: Buffer }
): Promise<void> {
  const { ref, body } = JSON.parse(data.toString())
  const message = {
    id: randomUUID(),
    conversation_id: room,
    sender: { id: sender, name: `load-${sender}` },
    body,
    created_at: new Date().toISOString()
  }
  await pool?.query('insert into messages values ($1, $2, $3, $4, $5)', [
    message.id,
    room,
    sender,
    body,
    message.created_at
  ])
  socket.send(JSON.stringify({ type: 'ack', ref }))
  const text = JSON.stringify({ type: 'message', message })
  for (const one of sockets) if (one.readyState === WebSocket.OPEN) one.send(text)
}
