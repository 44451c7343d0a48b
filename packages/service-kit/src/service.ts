import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { limits } from '@parley/contracts'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault
} from 'fastify'
import type { Logger } from 'pino'
import { answerClientError } from './client-error.ts'
import { answerFailure, problemsPlugin } from './problems-plugin.ts'
import { compilersFactory } from './schema-compiler.ts'
import { closeInOrder } from './orderly-close.ts'

/** A Fastify instance whose handlers get their types from TypeBox schemas. */
export type ServiceInstance = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyInstance {
    readonly serviceName: string
  }
  interface FastifySchema {
    /** Left out of the OpenAPI page. */
    hide?: boolean
  }
}

export interface ServiceOptions {
  /** The service's name in logs and metrics. */
  name: string
  logger: Logger | false
  /** Whose `X-Forwarded-*` headers are believed; nobody's by default. */
  trustProxy?: string | string[] | boolean
  /** Bytes a request body may have. */
  bodyLimit?: number
}

/** Limits of every listener, in milliseconds and bytes. Node's own defaults leave some of them open. */
export const httpLimits = Object.freeze({
  /** From the first byte to the end of the headers. */
  headersTimeout: 15_000,
  /** From the first byte to the end of the body. */
  requestTimeout: 30_000,
  /** Longer than a proxy keeps an idle upstream connection, so that the proxy is the one to close it. */
  keepAliveTimeout: 75_000,
  /** A connection on which nothing moves at all; event streams send something every heartbeat. */
  connectionTimeout: 120_000,
  maxHeaderSize: 16 * 1024,
  maxHeadersCount: 100,
  /** How often timeouts are looked for. */
  connectionsCheckingInterval: 5_000
})

/**
 * An HTTP server as every service of Parley wants it: problem+json for failures, bodies validated as they came, either form of
 * the trailing slash, timeouts set, nothing logged about requests that went well (except at debug).
 *
 * @example
 * const app = createService({ name: 'notifier', logger })
 */
export function createService(options: ServiceOptions): ServiceInstance {
  const { headersTimeout, maxHeaderSize, connectionsCheckingInterval, maxHeadersCount, ...timeouts } =
    httpLimits
  const app = Fastify({
    ...timeouts,
    http: { headersTimeout, maxHeaderSize, connectionsCheckingInterval },
    ...(options.logger ? { loggerInstance: childNamed(options.logger, options.name) } : {}),
    logController: new QuietLog(),
    // A child for each request, for its id alone, is 6 µs and 25 KB: pino prepares its redaction anew. Lines show the id in `req`.
    childLoggerFactory: (logger) => logger,
    bodyLimit: options.bodyLimit ?? limits.request_bytes,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    schemaController: { compilersFactory },
    genReqId: requestId,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // What arrives on open connections while the service drains is still answered, with `connection: close`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: answerFailure,
    clientErrorHandler: answerClientError
  }) as unknown as ServiceInstance
  app.server.maxHeadersCount = maxHeadersCount
  closeInOrder(app.server)
  // Bodies are JSON: a page of another site can send text without asking first.
  app.removeContentTypeParser('text/plain')
  app.decorate('serviceName', options.name)
  // Called, not registered: a registered plugin would load too late to see the routes that are declared right away.
  problemsPlugin(app, {}, () => {})
  return app
}

function childNamed(logger: Logger, service: string): FastifyBaseLogger {
  return logger.bindings().name === service ? logger : logger.child({ service })
}

const acceptableId = /^[\w.:=+/-]{1,128}$/

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && acceptableId.test(given) ? given : randomUUID()
}

class QuietLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply
  ): void {
    if (error) reply.log.warn({ err: error, req: request, res: reply }, 'reply not sent')
    else reply.log.debug({ req: request, res: reply, ms: reply.elapsedTime }, 'request completed')
  }
}
