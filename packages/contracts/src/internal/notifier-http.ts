import { type Static, Type } from '@sinclair/typebox'
import { HookOutcome, OutwardEvent, PushOutcome } from './notifier-port.ts'

/** Where each call of the notifier's port lives on the api's internal listener. All are POST. */
export const notifierPaths = Object.freeze({
  queuePushes: '/internal/queue-pushes',
  takePushes: '/internal/take-pushes',
  settlePushes: '/internal/settle-pushes',
  queueHooks: '/internal/queue-hooks',
  takeHooks: '/internal/take-hooks',
  settleHooks: '/internal/settle-hooks'
})

const Take = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 1_000 }) })

export const NotifierBodies = {
  queuePushes: Type.Array(OutwardEvent),
  takePushes: Take,
  settlePushes: Type.Array(PushOutcome),
  queueHooks: Type.Array(OutwardEvent),
  takeHooks: Take,
  settleHooks: Type.Array(HookOutcome)
}
export type NotifierBodies = { [K in keyof typeof NotifierBodies]: Static<(typeof NotifierBodies)[K]> }
