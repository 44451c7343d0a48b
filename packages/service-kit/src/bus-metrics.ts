import type { EventBus } from '@parley/event-bus'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'

/**
 * Whether the bus is there, and what it dropped, as this service sees it; looked at when metrics are asked for.
 *
 * @example
 * await app.register(busMetrics, { bus })
 */
export const busMetrics = fp<{ bus: Pick<EventBus, 'state' | 'dropped'> }>(
  (app: FastifyInstance, { bus }, done) => {
    const registers = [app.metrics]
    new Gauge({
      name: 'parley_bus_connected',
      help: '1 while the broker answers and stores, 0 while it does not',
      registers,
      collect() {
        this.set(bus.state === 'connected' ? 1 : 0)
      }
    })
    new Gauge({
      name: 'parley_bus_dropped',
      help: 'Volatile messages dropped since the start, because the broker was away or a queue was full',
      registers,
      collect() {
        this.set(bus.dropped)
      }
    })
    done()
  },
  { name: 'bus-metrics', dependencies: ['metrics'] }
)
