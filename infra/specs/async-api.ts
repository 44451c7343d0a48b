import { clientFrames, closeCodes, limits, SimpleSend, serverFrames, simpleFrames } from '@parley/contracts'
import { Components } from './components.ts'

/** The WebSocket interface as AsyncAPI 3.0, from the schemas that the gateway itself validates with. */
export function asyncApiDocument(): Record<string, unknown> {
  const components = new Components()
  const messages = (names: Record<string, object>) =>
    Object.fromEntries(
      Object.entries(names).map(([name, schema]) => [name, { name, payload: components.hoist(schema) }])
    )
  const channels = {
    everything: channel('/ws/', 'All my rooms over one connection; subprotocol parley.v1', [], {
      ...prefixed('client', messages(clientFrames)),
      ...prefixed('server', messages(serverFrames))
    }),
    chat: channel(
      '/ws/chat/{conversation_id}/',
      'One room: parley.v1 as on /ws/ where that subprotocol is asked for, else the simple dialect',
      ['conversation_id'],
      { 'client.simple': messages({ simple: SimpleSend }).simple, ...prefixed('simple', messages(room)) }
    ),
    notifications: channel('/ws/notifications/', 'New and deleted messages of all my conversations', [], {
      ...prefixed('simple', messages({ notification: simpleFrames.notification, error: simpleFrames.error }))
    })
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley realtime gateway',
      version: '1.0.0',
      license: { name: 'Apache-2.0' },
      description: [
        'One JSON frame per text message. Sign in by session cookie (with an allowed Origin), bearer token, or `?ticket=`.',
        `A frame has at most ${limits.frame_bytes} bytes; a ping goes out every ${limits.heartbeat_ms} ms.`,
        `Close codes: ${Object.entries(closeCodes)
          .map(([name, code]) => `${code} ${name}`)
          .join(', ')}.`,
        'Codes 4000–4499: connect again and resume by cursor; 4500–4999: do not.'
      ].join('\n')
    },
    defaultContentType: 'application/json',
    servers: { gateway: { host: 'localhost:8000', protocol: 'ws' } },
    channels,
    operations: operations(channels),
    components: { schemas: components.schemas }
  }
}

const { notification: _, ...room } = simpleFrames

interface Channel {
  messages: Record<string, unknown>
}

function channel(address: string, summary: string, parameters: string[], messages: Record<string, unknown>) {
  return {
    address,
    summary,
    ...(parameters.length > 0
      ? { parameters: Object.fromEntries(parameters.map((name) => [name, {}])) }
      : {}),
    messages
  }
}

function prefixed(prefix: string, messages: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(messages).map(([name, message]) => [`${prefix}.${name}`, message]))
}

/** Seen from the gateway: it receives what clients send. */
function operations(channels: Record<string, Channel>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(channels).flatMap(([name, { messages }]) =>
      (['receive', 'send'] as const).flatMap((action) => {
        const own = Object.keys(messages).filter(
          (message) => message.startsWith('client.') === (action === 'receive')
        )
        if (own.length === 0) return []
        const refs = own.map((message) => ({ $ref: `#/channels/${name}/messages/${message}` }))
        return [[`${name}.${action}`, { action, channel: { $ref: `#/channels/${name}` }, messages: refs }]]
      })
    )
  )
}
