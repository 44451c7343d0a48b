// Loaded by openTracing alone, and only where spans are collected.
import { FastifyOtelInstrumentation } from '@fastify/otel'
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type SpanContext,
  TraceFlags,
  trace
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { Step, TraceAttributes, Tracing } from './tracing.ts'

const UNTRACED: readonly string[] = ['/healthz', '/readyz', '/metrics']

class SpanStep implements Step {
  readonly span: Span
  readonly context: string

  constructor(span: Span) {
    this.span = span
    this.context = traceParent(span.spanContext())
  }

  end(outcome: 'ok' | 'failed' = 'ok'): void {
    if (outcome === 'failed') this.span.setStatus({ code: SpanStatusCode.ERROR })
    this.span.end()
  }
}

export function createOpenTelemetry(name: string, endpoint: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': name }),
    spanProcessors: [new BatchSpanProcessor(exporter)]
  })
  provider.register()
  const tracer = provider.getTracer('parley')
  const begin = (title: string, parent: Context, attributes: TraceAttributes = {}) => {
    const span = tracer.startSpan(title, { attributes: { ...attributes } }, parent)
    return span.isRecording() ? new SpanStep(span) : undefined
  }
  return {
    current() {
      const active = trace.getActiveSpan()?.spanContext()
      return active && isSampled(active) ? traceParent(active) : undefined
    },
    start: (title, attributes) => begin(title, ROOT_CONTEXT, attributes),
    follow(parent, title, attributes) {
      const from = parent === undefined ? null : parseTraceParent(parent)
      if (!from || !isSampled(from)) return undefined
      return begin(title, trace.setSpanContext(ROOT_CONTEXT, { ...from, isRemote: true }), attributes)
    },
    within: (step, work) =>
      step instanceof SpanStep ? context.with(trace.setSpan(context.active(), step.span), work) : work(),
    requests: requestsPlugin(provider),
    close: () => provider.shutdown()
  }
}

function requestsPlugin(provider: NodeTracerProvider): Tracing['requests'] {
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    ignorePaths: ({ url }) => UNTRACED.includes(url),
    // A query may hold what somebody searched for, or a ticket.
    requestHook: (span, request) => void span.setAttribute('url.path', request.url.split('?', 1)[0] ?? '')
  })
  instrumentation.setTracerProvider(provider)
  return instrumentation.plugin()
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0
}

function traceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`
}
