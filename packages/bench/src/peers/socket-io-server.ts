// Socket.IO 4 as its documentation recommends it for speed: WebSocket only, no compression, the upgrade's request let go. With
// REDIS_URL, its Redis adapter.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const { PORT, REDIS_URL } = process.env
const http = createServer()
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  ...(REDIS_URL === undefined ? {} : { adapter: await redisAdapter(REDIS_URL) })
})

io.engine.on('connection', (raw: { request: unknown }) => {
  raw.request = null
})

io.on('connection', async (socket) => {
  const { room } = socket.handshake.auth as { room: string }
  await socket.join(room)
  const sender = { id: socket.id, name: `load-${socket.id}` }
  socket.on('message', ({ body }: { body: string }, acknowledge?: () => void) => {
    const created_at = new Date().toISOString()
    io.to(room).emit('message', { id: randomUUID(), conversation_id: room, sender, body, created_at })
    acknowledge?.()
  })
})

http.listen(Number(PORT), '127.0.0.1')

async function redisAdapter(url: string) {
  const { createAdapter } = await import('@socket.io/redis-adapter')
  const { createClient } = await import('redis')
  const publisher = createClient({ url })
  const subscriber = publisher.duplicate()
  await Promise.all([publisher.connect(), subscriber.connect()])
  return createAdapter(publisher, subscriber)
}
