import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { countUnpublished } from '../outbox/outbox-store.ts'

/** What tells an operator that sends pile up or that the broker is behind. Read when metrics are asked for. */
export const backendMetrics = fp(
  (app: FastifyInstance, _options, done) => {
    const registers = [app.metrics]
    new Gauge({
      name: 'parley_outbox_unpublished',
      help: 'Committed changes that the broker has not stored yet, counted to 100,000',
      registers,
      async collect() {
        // Without a database the other metrics matter all the more.
        this.set(await countUnpublished(app.db).catch(() => Number.NaN))
      }
    })
    new Gauge({
      name: 'parley_sends_waiting',
      help: 'Sends that wait for the next batch',
      registers,
      collect() {
        this.set(app.writer.waiting)
      }
    })
    new Gauge({
      name: 'parley_database_connections',
      help: 'Connections of the pool: open, idle, and queries that wait for one',
      labelNames: ['state'],
      registers,
      collect() {
        const { totalCount, idleCount, waitingCount } = app.pool
        this.set({ state: 'open' }, totalCount)
        this.set({ state: 'idle' }, idleCount)
        this.set({ state: 'waiting' }, waitingCount)
      }
    })
    done()
  },
  { name: 'backend-metrics', dependencies: ['backend', 'metrics'] }
)
