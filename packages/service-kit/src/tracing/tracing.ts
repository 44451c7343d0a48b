import type { FastifyPluginCallback } from 'fastify'

export type TraceAttributes = Readonly<Record<string, string | number>>

/** One step of a trace, from its beginning to {@link Step.end}. */
export interface Step {
  /** W3C `traceparent`, for whoever takes the next step. */
  readonly context: string
  end(outcome?: 'ok' | 'failed'): void
}

/**
 * Follows a message through the services. A service that is not traced has none of this: undefined in place of a Tracing is the
 * whole price. What a trace does not record is undefined too, and is carried nowhere.
 *
 * @example
 * const step = tracing?.follow(command.trace, 'execute send', { 'parley.conversation': id })
 * try { return await run(command) } finally { step?.end() }
 */
export interface Tracing {
  /** The recorded step that runs now, by its `traceparent`: inside {@link Tracing.within}, or a request of {@link Tracing.requests}. */
  current(): string | undefined
  /** Begins a trace, where the sampler wants it. */
  start(name: string, attributes?: TraceAttributes): Step | undefined
  /** The next step of a trace that began elsewhere. */
  follow(parent: string | undefined, name: string, attributes?: TraceAttributes): Step | undefined
  /** Runs `work`, and what it begins, as part of the step. */
  within<T>(step: Step | undefined, work: () => T): T
  /** Makes each request of an app a step, of the caller's trace where it sent a `traceparent`. Paths without their queries. */
  readonly requests: FastifyPluginCallback
  /** Sends what is left. */
  close(): Promise<void>
}

/**
 * The tracing of this process, or undefined where nobody collects. Nothing of OpenTelemetry is loaded then. How much is recorded
 * is what OpenTelemetry's own variables say (`OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`).
 *
 * @example
 * const tracing = await openTracing({ name: 'notifier', endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT })
 */
export async function openTracing(options: {
  name: string
  /** Where OTLP over HTTP is taken; `/v1/traces` is added. */
  endpoint: string | undefined
}): Promise<Tracing | undefined> {
  const { name, endpoint } = options
  if (endpoint === undefined) return undefined
  const { createOpenTelemetry } = await import('./open-telemetry.ts')
  return createOpenTelemetry(name, endpoint)
}
