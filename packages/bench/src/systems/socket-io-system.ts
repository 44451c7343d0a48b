import type { ChatSystem } from './chat-system.ts'
import { hasPackage, startNodePeer } from './node-peer.ts'
import { startRedis, whyRedisMissing } from './peer-backends.ts'

const lacks = 'stores nothing, no resume beyond a process, no order across processes'

export const socketIoInMemory: ChatSystem = {
  name: 'Socket.IO 4',
  lacks,
  whyMissing: async () => (hasPackage('socket.io') ? undefined : 'socket.io is not installed'),
  start: () => startNodePeer('socket-io-server.ts', 'socket.io', {})
}

export const socketIoRedis: ChatSystem = {
  name: 'Socket.IO 4 + Redis adapter',
  lacks,
  async whyMissing() {
    const missing = ['socket.io', '@socket.io/redis-adapter', 'redis'].find((name) => !hasPackage(name))
    return missing ? `${missing} is not installed` : whyRedisMissing()
  },
  async start() {
    const redis = await startRedis()
    return startNodePeer('socket-io-server.ts', 'socket.io', { REDIS_URL: redis.url }, [redis])
  }
}
