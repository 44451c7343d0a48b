/**
 * Every wire shape of Parley, once: REST bodies, socket frames, bus events, the internal port, problem codes and limits.
 * Validators, OpenAPI, AsyncAPI and the client's types derive from what is here.
 *
 * Lengths are code points, sizes bytes, times milliseconds unless a name says otherwise. Failures are {@link ProblemError}s.
 *
 * @example
 * const isSend = validator(clientFrames.send)
 * if (!isSend(value)) throw new ProblemError('validation_failed', { errors: fieldErrors(isSend.errors) })
 */
export * from './common/limits.ts'
export * from './common/problems.ts'
export * from './common/routing.ts'
export * from './common/scalars.ts'
export * from './common/text.ts'
export * from './common/validator.ts'
export * from './events/control.ts'
export * from './events/event.ts'
export * from './events/event-kinds.ts'
export * from './events/event-payload.ts'
export * from './events/event-traces.ts'
export * from './events/subjects.ts'
export * from './internal/conversation-api-port.ts'
export * from './internal/internal-http.ts'
export * from './internal/notifier-http.ts'
export * from './internal/notifier-port.ts'
export * from './realtime/client-frames.ts'
export * from './realtime/close-codes.ts'
export * from './realtime/server-frames.ts'
export * from './rest/accounts.ts'
export * from './rest/attachments.ts'
export * from './rest/changes.ts'
export * from './rest/compat.ts'
export * from './rest/conversations.ts'
export * from './rest/event-streams.ts'
export * from './rest/messages.ts'
export * from './rest/moderation.ts'
export * from './rest/notifications.ts'
export * from './rest/presence.ts'
export * from './rest/search.ts'
export * from './rest/threads.ts'
export * from './rest/privacy.ts'
export * from './rest/push.ts'
export * from './rest/quiet.ts'
export * from './rest/users.ts'
