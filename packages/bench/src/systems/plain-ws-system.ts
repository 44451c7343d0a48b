import type { ChatSystem } from './chat-system.ts'
import { startNodePeer } from './node-peer.ts'
import { startPeerPostgres } from './peer-backends.ts'

export const plainWs: ChatSystem = {
  name: 'plain ws',
  lacks: 'stores nothing, no resume, one process only',
  whyMissing: async () => undefined,
  start: () => startNodePeer('plain-ws-server.ts', 'plain', {})
}

export const plainWsPostgres: ChatSystem = {
  name: 'plain ws + Postgres',
  lacks: 'no retry without doubling, no resume, no order under concurrency, one process only',
  whyMissing: async () => undefined,
  async start() {
    const postgres = await startPeerPostgres()
    return startNodePeer('plain-ws-server.ts', 'plain', { DATABASE_URL: postgres.url }, [postgres])
  }
}
