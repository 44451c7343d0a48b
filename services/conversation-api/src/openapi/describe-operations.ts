import { STATUS_CODES } from 'node:http'
import { ClientId, Problem } from '@parley/contracts'
import type { FastifySchema, RouteOptions } from 'fastify'
import type { OpenAPIV3_1 } from 'openapi-types'

const failure = {
  description: 'A problem; its `code` is stable',
  content: { 'application/problem+json': { schema: Problem } }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A retry with the same key is answered with what the first request did, and `Idempotent-Replay: true`',
  schema: ClientId
}

/** What carries a secret takes no key, and a read position moves forward only. */
const unkeyed: ReadonlySet<string> = new Set([
  'changePassword',
  // One report a person and message, one erasure a user. An upload that is done twice is sent once.
  'reportMessage',
  'eraseUser',
  'uploadAttachment',
  'deleteAttachment',
  'chatLogout',
  'createTicket',
  'logout',
  'logoutAll',
  'markRead'
])

/** An `onRoute` hook for the scope whose routes want a session. */
export function markSignedIn(route: RouteOptions): void {
  route.schema = { ...route.schema, security: [{ cookie: [] }, { bearer: [] }] }
}

/** What holds for every route is said here once: the slash at the end, and how requests fail. */
export function describeRoute<S extends FastifySchema>({ schema, url }: { schema: S; url: string }) {
  const response = { ...(schema.response as object), '4XX': failure, '5XX': failure }
  // No security is something to say too: these are for everyone.
  const security = schema.security ?? []
  return { schema: { ...schema, security, response }, url: url.endsWith('/') ? url : `${url}/` }
}

/** Fills in what the routes' schemas cannot say. */
export function describeOperations(paths: OpenAPIV3_1.PathsObject): OpenAPIV3_1.PathsObject {
  for (const item of Object.values(paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item?.[method]
      if (!operation) continue
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        if ('description' in response && response.description === 'Default Response') {
          response.description = STATUS_CODES[status] ?? status
        }
      }
      operation.summary ??= inWords(operation.operationId ?? '')
      const keyed =
        method !== 'get' && operation.security?.length && !unkeyed.has(operation.operationId ?? '')
      if (keyed) operation.parameters = [...(operation.parameters ?? []), idempotencyKey]
      if (operation.requestBody && 'content' in operation.requestBody) {
        const { schema } = operation.requestBody.content['application/json'] ?? {}
        operation.requestBody.required = schema !== undefined && 'required' in schema
      }
    }
  }
  return paths
}

/** `getMessage` is "Get message". */
function inWords(operationId: string): string {
  const words = operationId.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
