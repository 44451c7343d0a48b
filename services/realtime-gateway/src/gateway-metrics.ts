import { Counter, Gauge, type Registry } from 'prom-client'

/** What is counted, and how to ask for what is only looked at when somebody scrapes. */
export interface GatewayState {
  connections: () => Record<string, number>
  rooms: () => { open: number; live: number; behind: number }
}

/** The gateway's metrics, in one registry. Example: `metrics.delivered(sockets * events, bytes)`. */
export class GatewayMetrics {
  readonly events: Counter
  readonly fills: Counter
  readonly failed_reads: Counter
  readonly lagging: Counter
  readonly commands: Counter<'type' | 'result'>
  readonly failed_beats: Counter
  readonly closed: Counter<'code'>
  readonly refused: Counter<'code'>
  readonly #deliveries: Counter
  readonly #bytes: Counter
  readonly #registers: Registry[]

  constructor(registry: Registry) {
    this.#registers = [registry]
    this.events = this.#counter('gateway_events_total', 'Durable events that rooms took in')
    this.fills = this.#counter('gateway_gap_fills_total', 'Gaps that rooms read from the api')
    this.failed_reads = this.#counter('gateway_failed_reads_total', 'Room reads the api did not answer')
    this.lagging = this.#counter('gateway_lagging_total', 'Readers that were too slow and caught up')
    this.commands = this.#counter('gateway_commands_total', 'Commands by type and result', ['type', 'result'])
    this.failed_beats = this.#counter('gateway_failed_beats_total', 'Beats the api did not answer')
    this.closed = this.#counter('gateway_closed_total', 'Connections closed by the gateway', ['code'])
    this.refused = this.#counter('gateway_refused_upgrades_total', 'Upgrades refused, by problem code', [
      'code'
    ])
    this.#deliveries = this.#counter('gateway_deliveries_total', 'Events written to sockets')
    this.#bytes = this.#counter('gateway_delivered_bytes_total', 'Bytes of events written to sockets')
  }

  delivered(events: number, bytes: number): void {
    if (events === 0) return
    this.#deliveries.inc(events)
    this.#bytes.inc(bytes)
  }

  /** Gauges that look at the state when they are scraped. */
  watch(state: GatewayState): void {
    this.#gauge('gateway_connections', 'Open connections by dialect', ['dialect'], (gauge) => {
      gauge.reset()
      for (const [dialect, count] of Object.entries(state.connections())) gauge.set({ dialect }, count)
    })
    this.#gauge('gateway_rooms', 'Open rooms', [], (gauge) => gauge.set(state.rooms().open))
    this.#gauge('gateway_subscriptions', 'Subscriptions, live and behind', ['state'], (gauge) => {
      const { live, behind } = state.rooms()
      gauge.set({ state: 'live' }, live)
      gauge.set({ state: 'behind' }, behind)
    })
  }

  #counter<L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: this.#registers })
  }

  #gauge<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    look: (gauge: Gauge<L>) => void
  ): void {
    const gauge: Gauge<L> = new Gauge({
      name,
      help,
      labelNames,
      registers: this.#registers,
      collect: () => look(gauge)
    })
  }
}
