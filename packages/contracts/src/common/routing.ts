/**
 * Which service answers a public path: nginx and the standalone listener both follow this table.
 * Example: `serviceFor('/ws/chat/…/')` is `'realtime-gateway'`.
 */
export function serviceFor(
  path: string
): 'conversation-api' | 'realtime-gateway' | 'messaging-center' | undefined {
  if (path === '/ws' || path.startsWith('/ws/')) return 'realtime-gateway'
  if (eventStreams.test(path)) return 'realtime-gateway'
  if (path.startsWith('/messaging/api/') || path === '/messaging/api') return 'conversation-api'
  if (path.startsWith('/api/') || path === '/api') return 'conversation-api'
  if (path === '/messaging' || path.startsWith('/messaging/')) return 'messaging-center'
  return undefined
}

const eventStreams = /^\/messaging\/api\/(?:conversations\/[^/]+\/)?events\/?$/
