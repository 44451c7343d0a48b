import type { Protocol } from '../connection/protocol.ts'
import type { Tuning } from '../tuning.ts'
import { createFrameHandlers, type HandlerServices } from './frame-handlers.ts'
import { notificationProtocol } from './notifications.ts'
import { createParleyV1 } from './parley-v1.ts'
import { createSimpleProtocol } from './simple.ts'

export interface Protocols {
  v1: Protocol
  simple: Protocol
  notifications: Protocol
}

/** One object per protocol, shared by all connections that speak it. */
export function createProtocols(services: HandlerServices, { heartbeat_ms }: Tuning): Protocols {
  return {
    v1: createParleyV1(createFrameHandlers(services), { heartbeat_ms }),
    simple: createSimpleProtocol(services.commands),
    notifications: notificationProtocol
  }
}
